package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.BuildahStore;
import org.overpak.testing.Command;
import org.overpak.testing.Failures;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What buildah builds by Containerfiles on the test distribution's runtime, with the runtime's own
/// dnf, becomes the app that a native build makes, and any other engine; and what differs from the
/// runtime is found.
class AppExportIT {
  private static final TestFlatpaks FLATPAKS = TestFlatpaks.make();

  @TempDir private static Path directory;

  private static BuildahStore buildah;

  @BeforeAll
  static void makeStore() throws IOException {
    buildah = new BuildahStore(directory, "overlay");
    Files.copy(Project.distro().resolve("all.repo"), directory.resolve("application.repo"));
  }

  /// JUnit would warn of each link in a container that it deletes.
  @AfterAll
  static void removeStore() {
    buildah.run("umount", "--all");
    buildah.close();
    Command.of("rm", "-rf", directory.resolve("store").toString()).run();
  }

  private static String runtime() {
    return FLATPAKS.runtime().image().name().toString();
  }

  /// Builds the image TAG by a Containerfile of these lines.
  private static void build(String tag, String... lines) throws IOException {
    Files.write(
        directory.resolve("Containerfile." + tag),
        Stream.of(lines).map(line -> line.replace("RUNTIME", runtime())).toList());
    build(tag);
  }

  /// Builds the image TAG by the file that was written for it.
  private static void build(String tag) {
    buildah.run(
        "bud",
        "--quiet",
        "--volume=" + Project.distro() + ":" + Project.distro() + ":ro",
        "--file=" + directory.resolve("Containerfile." + tag),
        "--tag=" + tag,
        directory.toString());
  }

  /// The shortest file that there is, with the package manager that the runtime has.
  private static void build(String tag, String pkg) throws IOException {
    build(
        tag, "FROM RUNTIME", "ADD application.repo /etc/yum.repos.d", "RUN dnf install -y " + pkg);
  }

  /// Where the root of a new container of the image TAG is.
  private static Path mount(String tag) {
    String container = buildah.run("from", "--pull-never", "localhost/" + tag).strip();
    return Path.of(buildah.run("mount", container).strip());
  }

  private static ExportedApp export(String spec, ExportSource source, String... allowed) {
    return export(TestFlatpaks.spec(spec), source, allowed);
  }

  private static ExportedApp export(ContainerSpec spec, ExportSource source, String... allowed) {
    return export(spec, source, FLATPAKS.runtime().image(), allowed);
  }

  private static ExportedApp export(
      ContainerSpec spec, ExportSource source, WrittenImage runtime, String... allowed) {
    return export(spec, source, runtime.name(), allowed);
  }

  private static ExportedApp export(
      ContainerSpec spec, ExportSource source, ImageName runtime, String... allowed) {
    return AppExport.run(
        new AppExport.Request(
            spec,
            source,
            runtime,
            Stream.of(allowed).map(TreePath::parse).toList(),
            new ImageName.Layout(
                directory.resolve("exported-%08x".formatted(runtime.toString().hashCode())), ""),
            LayoutChoice.PLAIN,
            FLATPAKS.cache(),
            OptionalLong.empty()),
        Progress.SILENT);
  }

  private static Map<String, String> listing(WrittenImage image) {
    FileTree tree = ImageLayout.open(image.layout()).readTree(_ -> true, Progress.SILENT);
    return TreeListing.of(tree);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "figlet",
        "onig",
        "leaky",
        "odd",
        "accounts",
        "chowner",
        "scripted",
        "lua",
        "phases",
        "dictionary",
        "galculator",
        "zim",
        "sopwith",
        "lbreakouthd"
      })
  void theAppIsTheOneOfAnyOtherBuild(String name) throws Exception {
    ContainerSpec spec = TestFlatpaks.spec(name);
    ImageName runtime = FLATPAKS.runtime().image().name();
    WrittenImage ostree = FLATPAKS.ostreeRuntime();
    SdkUser user = SdkUser.make();
    // Each alone leaves half of the machine idle.
    try (var threads = Executors.newFixedThreadPool(2)) {
      var inContainer = threads.submit(() -> inContainer(name, name, runtime));
      var natively = threads.submit(() -> FLATPAKS.build(spec));
      Map<Engine, Future<BuiltApp>> byEngine = new EnumMap<>(Engine.class);
      for (Engine engine : engines(name)) {
        byEngine.put(engine, threads.submit(() -> FLATPAKS.build(spec, runtime, engine)));
      }
      var onSdk = threads.submit(() -> user.image(name));
      var onOstree =
          threads.submit(() -> inContainer(name, name + "-on-the-ostree-layout", ostree.name()));
      var nativelyOnOstree = threads.submit(() -> FLATPAKS.build(spec, ostree.name()));

      ExportedApp exported = inContainer.get();
      BuiltApp nativeBuild = natively.get();
      Map<String, String> theirs = listing(exported.image());
      Map<String, String> ours = listing(nativeBuild.image());
      String subject = name + " built by a Containerfile";
      buildah.judge().compare(subject, theirs, ours);
      var wrong = new TreeMap<>(ours);
      wrong.replaceAll((_, line) -> line.replace("file 0644", "file 0755"));
      buildah.judge().distinguishes("a wrong mode", subject, theirs, wrong);
      assertThat(exported.added())
          .containsExactlyInAnyOrderElementsOf(
              nativeBuild.added().stream().map(AddedPackage::nevra).toList());
      assertThat(exported.dropped()).isEqualTo(nativeBuild.dropped());
      assertThat(exported.notes())
          .anySatisfy(
              note ->
                  assertThat(note)
                      .startsWith("the app will not see what the build did to the configuration")
                      .contains("/etc/yum.repos.d/application.repo is added"));
      // Manifest, labels and layer, to the last byte.
      Digest digest = exported.image().digest();
      assertThat(nativeBuild.image().digest()).isEqualTo(digest);
      for (var other : byEngine.entrySet()) {
        BuiltApp built = other.getValue().get();
        String engine = other.getKey().toString();
        buildah.judge().compare(subject + " and by " + engine, theirs, listing(built.image()));
        assertThat(built.added()).isEqualTo(nativeBuild.added());
        assertThat(built.dropped()).isEqualTo(nativeBuild.dropped());
        assertThat(built.image().digest()).as(engine).isEqualTo(digest);
      }
      assertThat(nativelyOnOstree.get().image().digest())
          .as("on the ostree layout of the runtime")
          .isEqualTo(digest);
      buildah
          .judge()
          .compare(subject + " on the ostree layout", listing(onOstree.get().image()), ours);
      assertThat(onOstree.get().image().digest())
          .as("by a Containerfile on the ostree layout")
          .isEqualTo(digest);
      Judge.of("flatpak")
          .compare(
              name + " by flatpak build",
              TreeListing.of(onSdk.get().readTree(_ -> true, Progress.SILENT)),
              ours);
      assertThat(onSdk.get().digest()).as("writable-sdk").isEqualTo(digest);
    }
  }

  /// What the Containerfile that Overpak writes for the app NAME on RUNTIME makes, as TAG.
  private static ExportedApp inContainer(String name, String tag, ImageName runtime)
      throws IOException {
    ContainerSpec spec = TestFlatpaks.spec(name);
    Files.writeString(
        directory.resolve("Containerfile." + tag),
        Containerfile.write(
            new Containerfile.Request(
                spec, runtime, "", List.of(Path.of("application.repo")), FLATPAKS.cache()),
            Progress.SILENT));
    build(tag);
    return export(spec, new ExportSource.Root(mount(tag)), runtime);
  }

  /// Its repository keeps saying what the runtime was, whatever a container does.
  @Test
  void theOstreeLayoutOfTheRuntimeGivesTheSameApp() throws IOException {
    String name = "scripted";
    ContainerSpec spec = TestFlatpaks.spec(name);
    String tag = name + "-on-ostree";
    WrittenImage runtime = FLATPAKS.ostreeRuntime();
    build(
        tag,
        "FROM " + runtime.name(),
        "ADD application.repo /etc/yum.repos.d",
        "RUN dnf install -y " + name);
    Path layout = directory.resolve("built");
    buildah.run("push", "--quiet", tag, "oci:" + layout + ":" + tag);
    var image = new ExportSource.OfImage(new ImageName.Layout(layout, tag));
    var root = new ExportSource.Root(mount(tag));
    Digest expected = FLATPAKS.build(spec).image().digest();
    assertThat(export(spec, image, runtime).image().digest()).isEqualTo(expected);
    assertThat(export(name, root).image().digest())
        .as("given the hybrid layout of the same runtime")
        .isEqualTo(expected);
    assertThat(FLATPAKS.build(spec, runtime.name()).image().digest()).isEqualTo(expected);

    change(root.directory(), "echo '#!/bin/sh' > usr/bin/ls");
    Judge ostree = Judge.of("ostree");
    String repository = "--repo=" + root.directory().resolve("sysroot/ostree/repo");
    String ref = "os/" + runtime.ref().pref();
    assertThat(ostree.run(repository, "cat", ref, "/usr/bin/ls").text())
        .doesNotStartWith("#!/bin/sh");
    assertThatThrownBy(() -> export(spec, root, runtime))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("/usr/bin/ls is changed");
    change(root.directory(), "rm -r sysroot/ostree/repo/objects sysroot/ostree/repo/summary");
    ostree.rejects("a ref without objects", repository, "ls", ref);
    assertThat(export(spec, root, runtime, "/usr/bin/ls").image().digest()).isEqualTo(expected);
    ostree.compared(4);
  }

  /// One image for both: a container is built on it, and Flatpak installs from that container's
  /// root.
  @Test
  void flatpakInstallsTheRuntimeFromTheContainerThatWasBuiltOnIt() throws IOException {
    WrittenImage runtime = FLATPAKS.ostreeRuntime();
    build(
        "for-both",
        "FROM " + runtime.name(),
        "ADD application.repo /etc/yum.repos.d",
        "RUN dnf install -y figlet");
    Path root = mount("for-both");
    assertThat(root.resolve("app/bin/figlet")).isExecutable();
    String ref = runtime.ref().toString();
    FlatpakInstallation flatpak = FlatpakInstallation.user(directory.resolve("installed"));
    Path repository = root.resolve("sysroot/ostree/repo");
    flatpak.run("remote-add", "--no-gpg-verify", "here", repository.toUri().toString());
    flatpak.rejects(
        "a ref that it does not have", "install", "-y", "--noninteractive", "here", ref + "1");
    flatpak.run("install", "-y", "--noninteractive", "here", ref);
    assertThat(flatpak.run("list", "--columns=ref").lines()).containsExactly(runtime.ref().pref());
    Judge.of("flatpak").compared(1);
  }

  /// Those that can install the app NAME, besides the native one. What writes into `/app` before
  /// any package is there needs a runtime below it.
  private static List<Engine> engines(String name) {
    return name.equals("phases") ? List.of(Engine.DNF) : List.of(Engine.DNF, Engine.CLEAN);
  }

  @Test
  void everyTransportGivesTheSameImage() throws IOException {
    build("transports", "hello");
    WrittenImage expected = FLATPAKS.build("hello").image();
    String archive = directory.resolve("built.tar").toString();
    String docker = directory.resolve("docker.tar").toString();
    buildah.run("push", "--quiet", "transports", "oci-archive:" + archive);
    buildah.run("push", "--quiet", "transports", "docker-archive:" + docker + ":transports:1");
    for (String source :
        List.of(
            "oci-archive:" + archive,
            "docker-archive:" + docker,
            "containers-storage:[overlay@%s+%s]localhost/transports:latest"
                .formatted(directory.resolve("store"), directory.resolve("run")),
            "dir:" + mount("transports"))) {
      ExportedApp exported = export("hello", ExportSource.parse(source));
      assertThat(exported.image().digest()).as(source).isEqualTo(expected.digest());
      assertThat(exported.notes()).as(source).hasSize(1);
      buildah.judge().compared(1);
    }
  }

  @Test
  void cleanupCommandsRunOverTheRuntimeAndTheApp() throws IOException {
    build("cleanup", "hello");
    String text =
        Files.readString(Project.directory().resolve("testing/flatpaks/hello.yaml"))
            + """
            #
              cleanup-commands: |
                rm -r /app/share/licenses
                /app/bin/hello --greeting=cleaned > /app/share/greeting
                touch /usr/bin/not-in-the-app
            """;
    ContainerSpec spec = ContainerSpec.parse("hello.yaml", text.getBytes(StandardCharsets.UTF_8));
    ExportedApp exported = export(spec, new ExportSource.Root(mount("cleanup")));
    Map<String, String> files = listing(exported.image());
    assertThat(files)
        .containsKey("/files/share/greeting")
        .doesNotContainKey("/files/share/licenses");
    BuiltApp nativeBuild = FLATPAKS.build(spec);
    buildah.judge().compare("hello cleaned", files, listing(nativeBuild.image()));
    assertThat(exported.image().digest()).isEqualTo(nativeBuild.image().digest());
  }

  @Test
  void severalStagesRunsAndUsersLeaveWhatTheyLeave() throws IOException {
    Files.writeString(directory.resolve("extra.txt"), "extra\n");
    build(
        "stages",
        "FROM RUNTIME AS made",
        "RUN echo made > /tmp/made",
        "FROM RUNTIME",
        "ADD application.repo /etc/yum.repos.d",
        "RUN dnf install -y hello figlet",
        "RUN dnf remove -y figlet && rm /app/share/licenses/hello-2.10/COPYING",
        "RUN mkdir -m 0777 /app/data && echo x > /app/data/gone",
        "RUN rm -r /app/data/gone",
        "COPY extra.txt /app/share/",
        "COPY --from=made /tmp/made /app/share/made",
        "USER 1000",
        "RUN echo mine > /app/data/mine && echo kept-out > /tmp/x");
    Path layout = directory.resolve("built");
    buildah.run("push", "--quiet", "stages", "oci:" + layout + ":stages");
    ExportedApp exported =
        export("hello", new ExportSource.OfImage(new ImageName.Layout(layout, "stages")));

    Map<String, String> files = new TreeMap<>(listing(exported.image()));
    Map<String, String> expected = listing(FLATPAKS.build("hello").image());
    Map<String, String> extra = new TreeMap<>(files);
    extra.keySet().removeAll(expected.keySet());
    assertThat(extra.keySet())
        .containsExactly(
            "/files/data",
            "/files/data/mine",
            "/files/share/extra.txt",
            "/files/share/made",
            // made for figlet, of no package, and so not removed with it
            "/files/share/man/man6");
    expected.keySet().removeAll(files.keySet());
    assertThat(expected.keySet()).containsExactly("/files/share/licenses/hello-2.10/COPYING");
    assertThat(exported.unowned()).isEqualTo(3);
    assertThat(exported.added())
        .extracting(Object::toString)
        .containsExactly("hello-2.10-3.x86_64");
    buildah.judge().compared(files.size());
  }

  /// Its files say what a container has brought, whether or not that has made a database.
  @Test
  void onARuntimeWithoutADatabaseFilesDecide() throws IOException {
    build(
        "stripped", "FROM RUNTIME", "RUN rm -rf /usr/lib/sysimage/rpm /usr/share/rpm /var/lib/rpm");
    Path layout = directory.resolve("stripped");
    buildah.run("push", "--quiet", "stripped", "oci:" + layout);
    ImageName runtime = new ImageName.Layout(layout, "");
    ContainerSpec spec = TestFlatpaks.spec("hello");
    BuiltApp expected = FLATPAKS.build(spec, runtime);
    String install = "RUN rpm --install --nodeps --force-debian %s " + file("hello");
    build("own-database", "FROM localhost/stripped", install.formatted(""));
    ExportedApp own = export(spec, new ExportSource.Root(mount("own-database")), runtime);
    assertThat(own.image().digest()).isEqualTo(expected.image().digest());
    assertThat(own.added()).containsExactly(expected.added().getFirst().nevra());
    assertThat(own.unowned()).isZero();

    build("no-database", "FROM localhost/stripped", install.formatted("--dbpath /tmp/rpm"));
    Path root = mount("no-database");
    ExportedApp none = export(spec, new ExportSource.Root(root), runtime);
    buildah.judge().compare("hello of no package", listing(none.image()), listing(own.image()));
    assertThat(none.added()).isEmpty();
    assertThat(none.unowned()).isPositive();
    assertThat(none.notes()).anyMatch(note -> note.contains("nor has the container"));
    change(root, "echo '#!/bin/sh' > files/bin/ls");
    assertThatThrownBy(() -> export(spec, new ExportSource.Root(root), runtime))
        .hasMessageContaining("/usr/bin/ls is changed");
    assertRefused(root, ExitCode.IMAGE, "has no RPM database");
  }

  /// The package NAME of the test distribution's apps.
  private static Path file(String name) throws IOException {
    try (Stream<Path> files = Files.walk(Project.distro().resolve("repos/apps"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(name + "-[0-9][^/]*\\.rpm"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void assertRefused(Path root, ExitCode code, String... words) {
    OverpakException failure =
        Failures.of(code, () -> export("hello", new ExportSource.Root(root)));
    assertThat(failure.getMessage()).contains(words);
    assertThat(failure.advice()).endsWith(".");
  }

  private static void change(Path root, String script) {
    Command.of("sh", "-ec", script).in(root).run();
  }

  @Test
  void whatTheAppWouldNotFindInTheRuntimeIsAnError() throws IOException {
    build("changed", "hello");
    Path root = mount("changed");
    change(
        root,
        """
        echo '#!/bin/sh' > files/bin/ls
        rm files/bin/cat
        chmod 0700 files/bin/dnf-3
        mkdir -p files/local/bin; echo x > files/local/bin/tool
        """);
    assertRefused(
        root,
        ExitCode.IMAGE,
        "/usr/bin/cat is removed",
        "/usr/bin/dnf-3 is changed",
        "/usr/bin/ls is changed",
        "/usr/local/bin/tool is added");
    ExportedApp exported =
        export("hello", new ExportSource.Root(root), "/usr/bin", "/usr/local/bin/tool");
    assertThat(exported.lost())
        .extracting(TreePath::toString)
        .contains("/usr/bin/cat", "/usr/bin/ls", "/usr/local/bin/tool");
    assertThat(exported.image().digest()).isEqualTo(FLATPAKS.build("hello").image().digest());
  }

  @Test
  void packagesOfTheRuntimeThatAreReplacedAreAnError() throws IOException {
    build(
        "replaced",
        "FROM RUNTIME",
        "ADD application.repo /etc/yum.repos.d",
        "RUN dnf install -y hello && rpm -e --nodeps hostname && rm -f /var/lib/rpm/.rpm.lock");
    assertRefused(mount("replaced"), ExitCode.IMAGE, "other packages of the runtime", "is removed");
  }

  @Test
  void anotherRuntimeIsAnError() throws IOException {
    build("other", "hello");
    Path root = mount("other");
    change(root, "sed -i s/testing.Platform/testing.Other/ metadata");
    assertRefused(root, ExitCode.IMAGE, "was built on another runtime");
  }

  @Test
  void anotherImageOfTheRuntimeIsAnErrorWhereItsFilesDiffer() throws IOException {
    build("one", "FROM RUNTIME", "RUN echo x > /usr/share/doc-of-this-build");
    buildah.run(
        "bud",
        "--quiet",
        "--squash",
        "--volume=" + Project.distro() + ":/distro:ro",
        "--tag=squashed",
        squash("one").toString());
    Path layout = directory.resolve("built");
    buildah.run("push", "--quiet", "squashed", "oci:" + layout + ":squashed");
    assertThatThrownBy(
            () ->
                export("hello", new ExportSource.OfImage(new ImageName.Layout(layout, "squashed"))))
        .hasMessageContaining("/usr/share/doc-of-this-build is added");
    ExportedApp exported =
        export(
            "hello",
            new ExportSource.OfImage(new ImageName.Layout(layout, "squashed")),
            "/usr/share/doc-of-this-build");
    assertThat(exported.notes()).anyMatch(note -> note.contains("does not have the layers"));
    assertThat(exported.image().digest()).isEqualTo(FLATPAKS.build("hello").image().digest());
  }

  /// A context whose build on the image TAG is one layer with all in it.
  private static Path squash(String tag) throws IOException {
    Path context = Files.createDirectory(directory.resolve("squash"));
    Files.writeString(
        context.resolve("Containerfile"),
        """
        FROM localhost/%s
        RUN dnf -y --setopt=reposdir=/none --repofrompath=apps,file:///distro/repos/apps \\
          --nogpgcheck install hello
        """
            .formatted(tag));
    return context;
  }

  @Test
  void anAppWithNothingInItIsAnError() throws IOException {
    build("empty", "FROM RUNTIME", "RUN true");
    assertRefused(mount("empty"), ExitCode.IMAGE, "has nothing in /app");
  }

  @Test
  void aDirectoryThatIsNoRootIsAnError() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertRefused(empty, ExitCode.IMAGE, "dir:" + empty, "no directory /files");
    assertRefused(directory.resolve("nowhere"), ExitCode.FILESYSTEM, "not a directory");
  }

  @Test
  void leaksAreNamedWithTheirPackages() throws IOException {
    build("leaky", "leaky");
    Path root = mount("leaky");
    assertRefused(root, ExitCode.PACKAGE, " of leaky-");
    Map<String, String> theirs = new TreeMap<>();
    Command.of(
            "rpm", "--root", root.toString(), "--dbpath", "/files/lib/sysimage/rpm", "-ql", "leaky")
        .run()
        .lines()
        .stream()
        .filter(path -> !path.startsWith("/app"))
        .forEach(path -> theirs.put(path, "leaks"));
    Map<String, String> ours = new TreeMap<>();
    ExportedApp exported = export("hello", new ExportSource.Root(root), "/usr", "/etc");
    exported.dropped().forEach(leak -> ours.put(leak.path().toString(), "leaks"));
    Judge.of("rpm").compare("leaks of a container build", theirs, ours);
  }
}
