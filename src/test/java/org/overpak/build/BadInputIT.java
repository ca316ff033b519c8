package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.Progress;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
import org.overpak.testing.Command;
import org.overpak.testing.Project;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What people and mirrors get wrong, given to the real program: how it ends, what it says, and
/// that it leaves nothing behind.
class BadInputIT {
  private static final String APPS = "apps";
  private static final String HELLO = "Packages/hello-2.10-3.x86_64.rpm";

  @TempDir private static Path shared;

  /// Of a root that has the runtime's RPM database but none of its files, to keep this short.
  private static Path runtime = Path.of("");

  @TempDir private Path directory;
  private Path cache = Path.of("");
  private Path output = Path.of("");

  @BeforeAll
  static void importRuntime() {
    Path root = shared.resolve("root");
    Path full = Project.distro().resolve("root");
    runtime = shared.resolve("runtime");
    createDirectories(root);
    Command.of(
            "cp",
            "-a",
            "--parents",
            "usr/lib/sysimage/rpm",
            "usr/lib/rpm",
            "etc/passwd",
            "etc/group",
            root.toString())
        .in(full)
        .run();
    Command.of(
            overpak(
                "runtime",
                "import",
                root.toString(),
                "--spec",
                spec("runtime").toString(),
                "--cache",
                shared.resolve("cache").toString(),
                "-o",
                "oci:" + runtime))
        .run();
  }

  @BeforeEach
  void nameDirectories() {
    cache = directory.resolve("cache");
    output = directory.resolve("output");
  }

  @Test
  void aGoodBuildIsNoFailure() {
    builds(app("hello"), distro());
    assertThat(output.resolve("index.json")).isRegularFile();
  }

  // Images

  @Test
  void missingImage() {
    Failure failure = fails(ExitCode.IMAGE, app("hello"), image(directory.resolve("nowhere")));
    failure.says("nowhere", "no directory");
  }

  @Test
  void noImageButOtherFiles() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("file"), "text");
    fails(ExitCode.IMAGE, app("hello"), image(other)).says("other", "oci-layout");
    assertThat(snapshot(other)).containsOnlyKeys("", "file");
  }

  @Test
  void noImageButAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("plain"), "text");
    fails(ExitCode.IMAGE, app("hello"), image(file)).says("plain", "no OCI image layout");
  }

  @Test
  void imageWithoutRpmDatabase() {
    Path layout = directory.resolve("bare");
    writeEmptyRuntime(layout, "one");
    List<String> byDnf = new ArrayList<>(image(layout));
    byDnf.add("--engine=dnf");
    fails(ExitCode.IMAGE, app("hello"), byDnf)
        .says("no RPM database", "use --engine clean", "usr/lib/sysimage/rpm");
    fails(ExitCode.UNSOLVABLE, app("hello"), image(layout)).says("no package matches 'hello'");
  }

  @Test
  void rootWithoutRpmDatabase() throws IOException {
    Path root = directory.resolve("root");
    Files.createDirectories(root.resolve("usr"));
    fails(ExitCode.IMAGE, importing(root)).says("no RPM database");
  }

  @Test
  void ambiguousImageName() {
    Path layout = directory.resolve("two");
    writeEmptyRuntime(layout, "first");
    writeEmptyRuntime(layout, "second");
    fails(ExitCode.IMAGE, app("hello"), image(layout)).says("two", "first", "second");
    fails(ExitCode.IMAGE, app("hello"), List.of("--runtime", "oci:" + layout + ":third"))
        .says("third", "first", "second");
  }

  // Packages that cannot be resolved

  @Test
  void unknownPackage() {
    fails(ExitCode.UNSOLVABLE, app("helo"), distro()).says("'helo'", "did you mean hello?");
    fails(ExitCode.UNSOLVABLE, app("hllo"), distro()).says("'hllo'", "hello", "hallo");
  }

  @Test
  void unmetDependency() {
    fails(ExitCode.UNSOLVABLE, app("chain-a"), distro())
        .says(
            "chain-b-1.0-1.noarch (extras) requires missing-capability >= 2, which nothing provides",
            "'chain-a' is requested",
            "chain-a-1.0-1.noarch requires chain-b >= 1.0");
  }

  @Test
  void conflictWithTheRuntime() {
    fails(ExitCode.UNSOLVABLE, app("hates-bash"), distro())
        .says("hates-bash-1.0-1.noarch (extras) conflicts with bash", "the runtime's bash-");
  }

  // Trust. The mirror is a server, since what is on this machine is not cached.

  @Test
  void wrongChecksum() throws IOException {
    try (var mirror = new Mirror(APPS)) {
      Path file = mirror.file(HELLO);
      byte[] good = Files.readAllBytes(file);
      overwrite(file, 50_000, "other");
      fails(ExitCode.UNTRUSTED, app("hello"), mirror.options())
          .says("hello-2.10-3.x86_64", HELLO, Digest.sha256(good).toString());
      Files.write(file, good);
      builds(app("hello"), mirror.options());
    }
  }

  @Test
  void truncatedPackage() throws IOException {
    try (var mirror = new Mirror(APPS)) {
      byte[] good = mirror.truncate(HELLO);
      fails(ExitCode.REPOSITORY, app("hello"), mirror.options())
          .says("hello-2.10-3.x86_64", HELLO, "ends after", "of " + good.length + " bytes");
      Files.write(mirror.file(HELLO), good);
      builds(app("hello"), mirror.options());
    }
  }

  @Test
  void truncatedMetadata() throws IOException {
    try (var mirror = new Mirror(APPS)) {
      for (String name : List.of("repomd.xml", mirror.repodata("-primary.xml.gz"))) {
        cache = directory.resolve("cache-" + name);
        byte[] good = mirror.truncate("repodata/" + name);
        fails(ExitCode.REPOSITORY, app("hello"), mirror.options()).says("'apps'", name);
        Files.write(mirror.file("repodata/" + name), good);
        builds(app("hello"), mirror.options());
      }
    }
  }

  @Test
  void metadataSignedWithAnotherKey() throws IOException {
    try (var mirror = new Mirror(APPS)) {
      Path config =
          Files.writeString(
              directory.resolve("mirror.repo"),
              """
              [apps]
              name=apps
              baseurl=%s
              gpgcheck=1
              repo_gpgcheck=1
              metadata_expire=1h
              gpgkey=%s
              """
                  .formatted(mirror.url(), key("overpak-test").toUri()));
      List<String> options = List.of("--repo", config.toString());
      byte[] good = Files.readAllBytes(mirror.file("repodata/repomd.xml.asc"));
      signWithOtherKey(mirror.file("repodata/repomd.xml"));
      fails(ExitCode.UNTRUSTED, app("hello"), options)
          .says("repomd.xml is not trusted", "signed by the key", "gpgkey");
      Files.write(mirror.file("repodata/repomd.xml.asc"), good);
      builds(app("hello"), options);
    }
  }

  @Test
  void packageSignedWithAnotherKey() {
    fails(ExitCode.UNTRUSTED, app("foreign"), repository("foreign", "overpak-test"))
        .says("foreign-1.0-1.noarch", "'foreign'", "signed by the key", "does not trust");
    builds(app("foreign"), repository("foreign", "other"));
  }

  @Test
  void unsignedPackage() {
    fails(ExitCode.UNTRUSTED, app("unsigned"), repository("unsigned", "overpak-test"))
        .says("unsigned-1.0-1.noarch", "not signed", "--no-gpgcheck unsigned");
    List<String> unchecked = new ArrayList<>(repository("unsigned", "overpak-test"));
    unchecked.addAll(List.of("--no-gpgcheck", "unsigned"));
    assertThat(builds(app("unsigned"), unchecked)).contains("NOT checked: repository unsigned");
    assertThat(builds(app("hello"), distro())).doesNotContain("NOT checked");
  }

  @Test
  void missingKey() {
    List<String> keyless = List.of("--repo", "apps=" + repositories().resolve(APPS));
    fails(ExitCode.UNTRUSTED, app("hello"), keyless)
        .says("hello-2.10-3.x86_64", "signed by the key", "gpgkey");
    fails(
            ExitCode.REPOSITORY,
            app("hello"),
            Stream.concat(keyless.stream(), Stream.of("--gpgkey", "apps=/nowhere/key.asc"))
                .toList())
        .says("key of repository 'apps'", "/nowhere/key.asc", "no such file");
  }

  // Packages that must not go into an app

  @Test
  void leak() {
    fails(ExitCode.PACKAGE, app("leaky"), distro())
        .says(
            "/usr/share/leaky/leaked of leaky-1.0-1.noarch",
            "because the spec asks for leaky",
            "--allow-leak");
    List<String> allowing = new ArrayList<>(distro());
    allowing.addAll(List.of("--allow-leak", "/usr/share/leaky"));
    assertThat(builds(app("leaky"), allowing)).contains("dropped: /usr/share/leaky/leaked");

    Path spec = app("leaky", "overpak:\n  allow-leaks: [/usr/share/leaky]\n");
    assertThat(builds(spec, distro())).contains("dropped: /usr/share/leaky/leaked");
  }

  @Test
  void scriptlet() {
    fails(ExitCode.PACKAGE, app("scripted"), distro()).says("%post", "scripted-1.0-1.noarch");
  }

  @Test
  void fileTrigger() {
    fails(ExitCode.PACKAGE, app("watcher, figlet"), distro())
        .says("%transfiletriggerin(watcher-1.0-1.noarch)", "failed");
    builds(app("watcher"), distro());
  }

  @Test
  void payloadThatClimbsOut() throws IOException {
    Path made =
        rpmbuild(
            "climber",
            """
            mkdir -p %{buildroot}/app/xx
            echo evil > %{buildroot}/app/xx/evil
            """,
            "/app/xx/evil");
    builds(app("climber"), made());

    Files.write(made, withPath(Files.readAllBytes(made), "/app/xx/", "/app/../"));
    fails(ExitCode.PACKAGE, app("climber"), made()).says("climber", "..");
  }

  @Test
  void payloadThroughASymlink() {
    rpmbuild(
        "linker", "mkdir -p %{buildroot}/app; ln -s ../usr/lib %{buildroot}/app/data", "/app/data");
    rpmbuild(
        "follower",
        "mkdir -p %{buildroot}/app/data; echo x > %{buildroot}/app/data/x",
        "/app/data/x");
    List<String> options = made();
    fails(ExitCode.PACKAGE, app("linker, follower"), options)
        .says("/app/data", "follower", "linker");
    builds(app("follower"), options);
  }

  // The spec

  @Test
  void unknownKeys() throws IOException {
    Path spec = app("hello");
    Files.writeString(spec, Files.readString(spec).replace("runtime-version", "runtime-versoin"));
    fails(ExitCode.SPEC, spec, distro())
        .says("hello.yaml:5:3", "'runtime-versoin'", "did you mean 'runtime-version'?");
  }

  @Test
  void contradictoryKeys() {
    fails(ExitCode.SPEC, app("hello", "  build-runtime: true\n  command: hello\n"), distro())
        .says("hello.yaml:5:20", "'runtime-version'", "hello.yaml:9:12", "'command'");
  }

  @Test
  void anotherRuntime() throws IOException {
    Path spec = app("hello");
    Files.writeString(spec, Files.readString(spec).replace("testing.Platform", "testing.Other"));
    fails(ExitCode.SPEC, spec, distro())
        .says("hello.yaml:4:12", "org.overpak.testing.Other", "org.overpak.testing.Platform");
  }

  // The file system

  @Test
  void unwritableCache() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");
    cache = file.resolve("cache");
    fails(ExitCode.FILESYSTEM, app("hello"), distro()).says(cache.toString(), "--cache");
    assertThat(file).hasContent("text");
  }

  @Test
  void fullDisk() {
    Path mount = createDirectories(directory.resolve("mount"));
    output = mount.resolve("output");
    onSmallDisk(mount, build(app("hello"), distro())).says("no space left", output.toString());

    output = directory.resolve("output");
    cache = mount.resolve("cache");
    onSmallDisk(mount, build(app("hello"), distro())).says("space left", cache.toString());

    List<String> conversion =
        overpak(
            "convert",
            "oci:" + runtime,
            "--layout",
            "plain",
            "--cache",
            cache.toString(),
            "-o",
            "oci:" + output);
    onSmallDisk(mount, conversion).says("space left", cache.toString());
  }

  /// Runs LINE where MOUNT has less room than the app of `hello` needs.
  private Failure onSmallDisk(Path mount, List<String> line) {
    String script =
        """
        mount -t tmpfs -o size=64k tmpfs "$0" || exit 99
        "$@"
        code=$?
        find "$0" ! -type d
        exit $code
        """;
    List<String> isolated =
        new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, mount.toString()));
    isolated.addAll(line);
    return fails(ExitCode.FILESYSTEM, isolated);
  }

  @Test
  void interrupt() throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
    line.addAll(importing(Project.distro().resolve("root")));
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(line)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      while (isEmpty(cache.resolve("work"))) {
        assertThat(process.isAlive()).as("ended before it began to work").isTrue();
        Thread.sleep(20);
      }
      Command.of("kill", "-INT", Long.toString(process.pid())).run();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.status());
    assertThat(errors).hasContent("overpak: interrupted");
    assertThat(output).doesNotExist();
    assertThat(isEmpty(cache.resolve("work"))).isTrue();
  }

  // Running it

  /// How a run ended badly.
  private record Failure(String text) {
    void says(String... parts) {
      // Lines are broken anywhere between words.
      assertThat(text.replaceAll("\\s+", " ")).contains(parts);
    }
  }

  private Failure fails(ExitCode code, Path spec, List<String> options) {
    return fails(code, build(spec, options));
  }

  /// Runs LINE, which must fail with CODE, say so as people expect it, and leave all as it was.
  private Failure fails(ExitCode code, List<String> line) {
    Map<String, Digest> before = snapshot(output);
    Command.Result result =
        Command.of(line).within(Duration.ofMinutes(5)).expecting(code.status()).run();
    assertThat(result.text()).as("standard output").isEmpty();
    String text = result.errorText();
    assertThat(text)
        .startsWith("overpak:")
        .containsOnlyOnce("\nWhat to do: ")
        .doesNotContain("\n\n", "Exception", "\tat ", "a bug in Overpak");
    assertThat(snapshot(output)).isEqualTo(before);
    assertThat(isEmpty(cache.resolve("work"))).as("%s/work is empty", cache).isTrue();
    return new Failure(text);
  }

  private String builds(Path spec, List<String> options) {
    return Command.of(build(spec, options)).within(Duration.ofMinutes(5)).run().text();
  }

  private List<String> build(Path spec, List<String> options) {
    List<String> line = new ArrayList<>(overpak("build", spec.toString()));
    if (!options.contains("--runtime")) {
      line.addAll(List.of("--runtime", "oci:" + runtime));
    }
    line.addAll(options);
    line.addAll(List.of("--cache", cache.toString(), "-o", "oci:" + output));
    return line;
  }

  private List<String> importing(Path root) {
    return overpak(
        "runtime",
        "import",
        root.toString(),
        "--spec",
        spec("runtime").toString(),
        "--cache",
        cache.toString(),
        "-o",
        "oci:" + output);
  }

  private static List<String> overpak(String... arguments) {
    Path program = Project.directory().resolve("target/overpak/bin/overpak");
    return Stream.concat(Stream.of(program.toString()), Stream.of(arguments)).toList();
  }

  // What it is given

  private static Path spec(String name) {
    return Project.directory().resolve("testing/flatpaks").resolve(name + ".yaml");
  }

  private Path app(String packages) {
    return app(packages, "");
  }

  /// A spec in a file named like its first package.
  private Path app(String packages, String more) {
    String text =
        """
        flatpak:
          id: org.overpak.testing.app
          branch: stable
          runtime: org.overpak.testing.Platform
          runtime-version: stable
          sdk: org.overpak.testing.Sdk
          packages: [%s]
        """
            .formatted(packages);
    try {
      return Files.writeString(
          directory.resolve(packages.replaceAll(",.*", "") + ".yaml"), text + more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path repositories() {
    return Project.distro().resolve("repos");
  }

  private static Path key(String name) {
    return Project.distro().resolve("keys").resolve(name + ".asc");
  }

  private static List<String> distro() {
    return List.of("--repo", Project.distro().resolve("all.repo").toString());
  }

  private static List<String> image(Path layout) {
    return List.of("--runtime", "oci:" + layout);
  }

  private static List<String> repository(String name, String key) {
    return List.of(
        "--repo", name + "=" + repositories().resolve(name), "--gpgkey", name + "=" + key(key));
  }

  private static void writeEmptyRuntime(Path layout, String name) {
    var ref = Ref.parse("runtime/org.overpak.testing.Platform/x86_64/stable");
    var image =
        new CommitImage(
            ref,
            Metadata.ofRuntime(ref, ref),
            FileTree.EMPTY.with(
                new TreePath("files/bin"), new Entry.Directory(Attributes.of(0755, 0))),
            0,
            ImageConfig.Execution.NONE);
    try (var work = WorkDirectory.in(layout.resolveSibling("fixtures"))) {
      image.writeInto(
          new ImageName.Layout(layout, name),
          LayerCompression.DEFAULT,
          List.of(),
          work,
          Progress.SILENT);
    }
  }

  /// Builds an unsigned package whose payload is not compressed.
  private Path rpmbuild(String name, String install, String file) {
    String spec =
        """
        Name: %s
        Version: 1
        Release: 1
        Summary: Hostile
        License: CC0-1.0
        BuildArch: noarch
        %%description
        Hostile.
        %%install
        %s
        %%files
        %s
        """
            .formatted(name, install, file);
    Path top = createDirectories(directory.resolve("rpmbuild"));
    try {
      Path specFile = Files.writeString(top.resolve(name + ".spec"), spec);
      Command.of(
              "rpmbuild",
              "-bb",
              "--quiet",
              "--define",
              "_topdir " + top,
              "--define",
              "__os_install_post %{nil}",
              "--define",
              "_binary_payload w.ufdio",
              specFile.toString())
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return top.resolve("RPMS/noarch/" + name + "-1-1.noarch.rpm");
  }

  /// The repository of what `rpmbuild` has made, as it is now.
  private List<String> made() {
    String packages = directory.resolve("rpmbuild/RPMS/noarch").toString();
    Command.of("createrepo_c", "--quiet", packages).run();
    return List.of("--repo", "made=" + packages, "--no-gpgcheck", "made");
  }

  /// The package RPM, not compressed, with every NAME in header and payload replaced by one as
  /// long, and with the digests that follow from that.
  private static byte[] withPath(byte[] rpm, String name, String replacement) {
    // One character for each byte, so that positions and lengths stay.
    String text = new String(rpm, StandardCharsets.ISO_8859_1);
    int header = text.indexOf("\u008e\u00ad\u00e8\u0001", text.indexOf("\u008e\u00ad\u00e8") + 1);
    int payload = text.indexOf("070701");
    String newPayload = text.substring(payload).replace(name, replacement);
    String newHeader =
        text.substring(header, payload)
            .replace(name, replacement)
            .replace(sha256(text.substring(payload)), sha256(newPayload));
    String lead =
        text.substring(0, header)
            .replace(sha256(text.substring(header, payload)), sha256(newHeader))
            .replace(digest("SHA-1", text.substring(header, payload)), digest("SHA-1", newHeader))
            .replace(raw("MD5", text.substring(header)), raw("MD5", newHeader + newPayload));
    return (lead + newHeader + newPayload).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String sha256(String bytes) {
    return digest("SHA-256", bytes);
  }

  private static String digest(String algorithm, String bytes) {
    return HexFormat.of().formatHex(raw(algorithm, bytes).getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String raw(String algorithm, String bytes) {
    try {
      return new String(
          MessageDigest.getInstance(algorithm).digest(bytes.getBytes(StandardCharsets.ISO_8859_1)),
          StandardCharsets.ISO_8859_1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Signs FILE with the key that no configuration trusts, into FILE`.asc`.
  private static void signWithOtherKey(Path file) {
    // Below /tmp: the path of the agent's socket must be short.
    String script =
        """
        export GNUPGHOME=$(mktemp -d)
        trap 'gpgconf --kill all; rm -rf "$GNUPGHOME"' EXIT
        gpg --batch --quiet --import "$1" &&
          gpg --batch --quiet --yes --armor --output "$2.asc" --detach-sign "$2"
        """;
    Command.of(
            "bash",
            "-c",
            script,
            "sign",
            Project.distro().resolve("keys/other.secret.asc").toString(),
            file.toString())
        .run();
  }

  /// A repository of the distribution behind a server, to be damaged.
  private final class Mirror implements AutoCloseable {
    private final Path root;
    private final HttpServer server;

    Mirror(String name) {
      root = directory.toAbsolutePath().resolve("mirror");
      Command.of("cp", "-a", repositories().resolve(name).toString(), root.toString()).run();
      server =
          SimpleFileServer.createFileServer(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              root,
              SimpleFileServer.OutputLevel.NONE);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    List<String> options() {
      return List.of("--repo", "apps=" + url(), "--gpgkey", "apps=" + key("overpak-test"));
    }

    Path file(String name) {
      return root.resolve(name);
    }

    /// The name of the metadata file that ends so.
    String repodata(String end) throws IOException {
      try (var files = Files.list(root.resolve("repodata"))) {
        return files
            .map(file -> String.valueOf(file.getFileName()))
            .filter(name -> name.endsWith(end))
            .findFirst()
            .orElseThrow();
      }
    }

    /// Cuts the end off a file, and returns what it was.
    byte[] truncate(String name) throws IOException {
      byte[] good = Files.readAllBytes(file(name));
      try (var channel = Files.newByteChannel(file(name), StandardOpenOption.WRITE)) {
        channel.truncate(good.length - 100);
      }
      return good;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static void overwrite(Path file, long position, String text) throws IOException {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(position);
      open.write(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static Path createDirectories(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEmpty(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        return true;
      }
      try (var files = Files.list(path)) {
        return files.findAny().isEmpty();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All files and directories below PATH and itself, as relative names; empty if it is not there.
  private static Map<String, Digest> snapshot(Path path) {
    Map<String, Digest> result = new TreeMap<>();
    if (Files.exists(path)) {
      try (var files = Files.walk(path)) {
        for (Path file : files.toList()) {
          byte[] content = Files.isDirectory(file) ? new byte[0] : Files.readAllBytes(file);
          result.put(path.relativize(file).toString(), Digest.sha256(content));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return result;
  }
}
