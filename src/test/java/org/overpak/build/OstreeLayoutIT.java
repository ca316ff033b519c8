package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.overpak.Digest;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageName;
import org.overpak.oci.Layer;
import org.overpak.oci.LayerCompression;
import org.overpak.ostree.ImporterRules;
import org.overpak.repo.GnuPg;
import org.overpak.repo.SigningKey;
import org.overpak.testing.Command;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeDirectory;
import org.overpak.tree.TreeText;

/// The ostree layout and repositories of a small runtime, as ostree and Flatpak see them.
class OstreeLayoutIT {
  private static final long TIMESTAMP = 1_700_000_000L;
  private static final Ref REF = Ref.parse("runtime/org.t.Platform/x86_64/1");

  private static final Ref APP = Ref.parse("app/org.t.App/x86_64/1");

  private static final FileTree FILES =
      TreeText.parse(
          """
          f 0755 bin/sh program
          l bin/bash -> sh
          h bin/ash = bin/sh
          f 0644 etc/passwd root:x:0:0::/root:/bin/sh
          f 0644 etc/empty
          f 0644 share/empty-too
          d 0755 share/nothing
          f 0644 share/na me-\u00e9 text
          f 0644 share/copy text
          f 0755 share/executable-copy text
          l lib64 -> lib
          f 0644 lib/libc.so library
          """);

  private static final LayoutChoice SEPARATE =
      ostree(new OstreeOptions(true, List.of(), Instant.EPOCH));

  private final Judge ostree = Judge.of("ostree");

  @TempDir private Path directory;

  /// JUnit would warn of each link that it deletes.
  @AfterEach
  void removeRoots() {
    Command.of("find", directory.toString(), "-mindepth", "1", "-delete").run();
  }

  private WrittenImage plain() {
    var metadata = Metadata.ofRuntime(REF, REF);
    return plain(REF, metadata, CommitTree.ofRuntime(FILES, metadata, TIMESTAMP));
  }

  private WrittenImage plainApp() {
    var metadata = Metadata.ofApp(APP, REF, REF);
    FileTree exports = TreeText.parse("f 0644 share/applications/org.t.App.desktop text");
    return plain(APP, metadata, CommitTree.ofApp(FILES, metadata, exports, TIMESTAMP));
  }

  private WrittenImage plain(Ref ref, Metadata metadata, FileTree tree) {
    var image = new CommitImage(ref, metadata, tree, TIMESTAMP, ImageConfig.Execution.NONE);
    try (var work = WorkDirectory.in(directory.resolve("cache"))) {
      return image.writeInto(
          new ImageName.Layout(directory.resolve("plain"), ""),
          LayerCompression.DEFAULT,
          List.of(),
          work,
          Progress.SILENT);
    }
  }

  private WrittenImage convert(FlatpakName name, LayoutChoice layout, String to) {
    return LayoutConversion.run(
        name,
        layout,
        new ImageName.Layout(directory.resolve(to), ""),
        directory.resolve("cache"),
        Progress.SILENT);
  }

  private WrittenImage convert(WrittenImage image, LayoutChoice layout, String to) {
    return convert(new FlatpakName.OfImage(image.name()), layout, to);
  }

  private static LayoutChoice ostree(OstreeOptions options) {
    return new LayoutChoice(LayoutChoice.Layout.OSTREE, options, LayerCompression.DEFAULT);
  }

  private CommitExport.Written export(FlatpakName name, String to) {
    return CommitExport.toRepository(
        name,
        directory.resolve(to),
        OstreeOptions.DEFAULT,
        directory.resolve("cache"),
        Progress.SILENT);
  }

  /// IMAGE's layers, as tar extracts them.
  ///
  /// @param line what tar is run by
  private Path extract(WrittenImage image, String name, String... line) throws IOException {
    Path root = Files.createDirectories(directory.resolve(name));
    List<String> tar = new ArrayList<>(List.of(line));
    if (line.length > 0) {
      Command.of("chown", "nobody", root.toString()).run();
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    tar.addAll(List.of("tar", "-xpf"));
    for (var layer : image.name().open(directory.resolve("unused")).layers()) {
      List<String> all = new ArrayList<>(tar);
      all.addAll(List.of(layer.blob().toString(), "-C", root.toString()));
      Command.of(all).run();
    }
    return root;
  }

  private static Path repository(Path root) {
    return root.resolve("sysroot/ostree/repo");
  }

  private void fsck(Path repository) {
    assertThat(ostree.run("--repo=" + repository, "fsck").text()).contains("no errors found");
  }

  private String commit(Path repository, String ref) {
    return ostree.run("--repo=" + repository, "rev-parse", ref).text().strip();
  }

  @Test
  void ostreeFindsTheRepositoryWhole() throws IOException {
    WrittenImage image = convert(plain(), LayoutChoice.OSTREE, "ostree");
    for (Path root :
        List.of(extract(image, "root"), extract(image, "rootless", "setpriv", "--reuid=nobody"))) {
      Path repository = repository(root);
      assertThat(ostree.run("--repo=" + repository, "refs").lines())
          .containsExactlyInAnyOrder(REF.toString(), "os/" + REF.pref());
      fsck(repository);
      assertThat((int) Files.getAttribute(root.resolve("usr/bin/sh"), "unix:nlink")).isEqualTo(3);
      assertThat((int) Files.getAttribute(root.resolve("etc/empty"), "unix:nlink")).isEqualTo(1);
      // The checkout is the commit, and its files are the objects.
      Path checkout = directory.resolve("checkout");
      ostree.run("--repo=" + repository, "checkout", "-U", "os/" + REF.pref(), checkout.toString());
      Command.of("diff", "-r", checkout.resolve("usr/bin").toString(), root + "/usr/bin").run();
      assertThat(root.resolve("usr/etc")).doesNotExist();
      Command.of("rm", "-rf", checkout.toString()).run();

      Path copy = directory.resolve("copy");
      ostree.run("--repo=" + copy, "init", "--mode=archive");
      ostree.run("--repo=" + copy, "pull-local", repository.toString());
      fsck(copy);
      Command.of("rm", "-rf", copy.toString()).run();
    }
    Path broken = repository(directory.resolve("root"));
    Files.writeString(directory.resolve("root/usr/bin/sh"), "another program");
    ostree.rejects("a file changed in place", "--repo=" + broken, "fsck");
    ostree.compared(2);
  }

  @Test
  void theSecondCommitCostsNextToNothing() throws IOException {
    Path root = extract(convert(plain(), LayoutChoice.OSTREE, "ostree"), "root");
    String repository = "--repo=" + repository(root);
    String files = dirtree(repository, REF.toString(), "/files");
    assertThat(files).isEqualTo(dirtree(repository, "os/" + REF.pref(), "/usr"));
    ostree.compared(1);

    WrittenImage separate = convert(new FlatpakName.OfImage(plain().name()), SEPARATE, "separate");
    Path beside = Files.createDirectory(directory.resolve("beside"));
    Path blob = separate.name().open(directory.resolve("unused")).layers().getLast().blob();
    Command.of("tar", "-xpf", blob.toString(), "-C", beside.toString()).run();
    List<Path> added;
    try (var all = Files.walk(beside)) {
      added = all.filter(Files::isRegularFile).toList();
    }
    assertThat(added)
        .extracting(file -> file.getFileName().toString().replaceFirst(".*\\.", "."))
        .containsExactlyInAnyOrder(".commit", ".dirtree", "1", "1", "summary");
    long bytes = 0;
    for (Path file : added) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThan(2000);
  }

  private String dirtree(String repository, String ref, String path) {
    // d00755 0 0 0 DIRTREE DIRMETA /path
    String line = ostree.run(repository, "ls", "-d", "-C", ref, path).text();
    return line.split(" +")[4];
  }

  @Test
  void flatpakInstallsFromIt() throws IOException {
    for (boolean separate : List.of(false, true)) {
      WrittenImage image =
          convert(
              new FlatpakName.OfImage(plain().name()),
              ostree(new OstreeOptions(separate, List.of(), Instant.EPOCH)),
              "ostree" + separate);
      Path root = extract(image, "root" + separate);
      installFrom(
          repository(root).toUri().toString(),
          directory.resolve("flatpak" + separate),
          "--no-gpg-verify");
    }
  }

  private void installFrom(String url, Path installation, String... options) throws IOException {
    var flatpak = FlatpakInstallation.user(Files.createDirectories(installation));
    flatpak.run(
        Stream.concat(
                Stream.of("remote-add"), Stream.concat(Stream.of(options), Stream.of("t", url)))
            .toArray(String[]::new));
    String listed = flatpak.run("remote-ls", "--all", "--columns=ref,installed-size", "t").text();
    assertThat(listed).contains("org.t.Platform/x86_64/1").contains("kB").doesNotContain("os/");
    flatpak.run("install", "-y", "--noninteractive", "t", REF.toString());
    assertThat(flatpak.run("info", "--show-ref", REF.toString()).text().strip())
        .isEqualTo(REF.toString());
    flatpak.rejects(
        "a ref that is not there", "install", "-y", "--noninteractive", "t", "org.t.Nothing");
    Judge.of("flatpak").compared(1);
  }

  @Test
  void aRepositoryIsServedByAnyWebServer() throws IOException {
    CommitExport.Written written = export(new FlatpakName.OfImage(plain().name()), "repo");
    Path repository = directory.resolve("repo");
    fsck(repository);
    assertThat(commit(repository, REF.toString())).isEqualTo(written.commit().hex());
    var server =
        com.sun.net.httpserver.SimpleFileServer.createFileServer(
            new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0),
            repository,
            com.sun.net.httpserver.SimpleFileServer.OutputLevel.NONE);
    server.start();
    try {
      installFrom(
          "http://127.0.0.1:" + server.getAddress().getPort() + "/",
          directory.resolve("flatpak"),
          "--no-gpg-verify");
    } finally {
      server.stop(0);
    }
    Path object;
    try (var all = Files.walk(repository)) {
      object = all.filter(file -> file.toString().endsWith(".filez")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(object);
    bytes[bytes.length - 3] ^= 1;
    Files.write(object, bytes);
    ostree.rejects("an object with one bit flipped", "--repo=" + repository, "fsck");
    FlatpakName damaged = new FlatpakName.InRepository(repository, "");
    assertThatThrownBy(() -> export(damaged, "other"))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void imagesKeepMoreThanTheCommit() throws IOException {
    WrittenImage plain = plain();
    String commit = export(new FlatpakName.OfImage(plain.name()), "first").commit().hex();
    WrittenImage system = convert(plain, LayoutChoice.OSTREE, "ostree");
    assertThat(commit(repository(extract(system, "root")), REF.toString())).isEqualTo(commit);
    WrittenImage hybrid = convert(system, LayoutChoice.HYBRID, "hybrid");
    // Which names are hard links is in no commit, so only images that come of images keep it.
    WrittenImage direct = convert(plain, LayoutChoice.HYBRID, "direct");
    assertThat(convert(direct, LayoutChoice.PLAIN, "plain-again").digest())
        .isEqualTo(plain.digest());
    assertThat(convert(hybrid, LayoutChoice.OSTREE, "ostree-again").digest())
        .isEqualTo(system.digest());
    ostree.compared(1);
  }

  /// What a Flatpak can be kept in.
  enum Form {
    PLAIN,
    HYBRID,
    OSTREE,
    SEPARATE_LAYER,
    REPOSITORY,
    BUNDLE
  }

  /// Commits that are kept in labels in different ways.
  enum Kind {
    /// It follows from Flatpak's labels.
    DESCRIBED,
    /// The same of an app, which exports files that it has, too.
    APP,
    /// ostree wrote it, with metadata in an order of its own, and a parent.
    FOREIGN,
    SIGNED
  }

  @ParameterizedTest
  @EnumSource
  void eachFormBecomesEachOtherAndKeepsTheCommit(Kind kind) throws IOException {
    FlatpakName first = first(kind);
    CommitExport.Written expected = export(first, "first");
    Path signatures = directory.resolve("first").resolve(detached(expected.commit()));
    assertThat(Files.exists(signatures)).isEqualTo(kind == Kind.SIGNED);
    for (Form from : Form.values()) {
      FlatpakName source = become(first, from, "from-" + from);
      for (Form to : Form.values()) {
        String name = from + "-to-" + to;
        FlatpakName target = become(source, to, name);
        assertThat(export(target, name + "-again").commit()).as(name).isEqualTo(expected.commit());
        Path repository = directory.resolve(name + "-again");
        assertThat(commit(repository, expected.ref().toString()))
            .isEqualTo(expected.commit().hex());
        if (kind == Kind.SIGNED) {
          assertThat(repository.resolve(detached(expected.commit())))
              .as(name)
              .hasSameBinaryContentAs(signatures);
        }
      }
    }
    ostree.compared(36);
  }

  private static String detached(Digest commit) {
    String id = commit.hex();
    return "objects/" + id.substring(0, 2) + "/" + id.substring(2) + ".commitmeta";
  }

  private FlatpakName become(FlatpakName name, Form form, String to) {
    return switch (form) {
      case PLAIN -> new FlatpakName.OfImage(convert(name, LayoutChoice.PLAIN, to).name());
      case HYBRID -> new FlatpakName.OfImage(convert(name, LayoutChoice.HYBRID, to).name());
      case OSTREE -> new FlatpakName.OfImage(convert(name, LayoutChoice.OSTREE, to).name());
      case SEPARATE_LAYER -> new FlatpakName.OfImage(convert(name, SEPARATE, to).name());
      case REPOSITORY -> export(name, to).name();
      case BUNDLE -> bundle(name, to, OstreeOptions.DEFAULT).name();
    };
  }

  private CommitExport.Written bundle(FlatpakName name, String to, OstreeOptions options) {
    Path file = directory.resolve(to + ".flatpak");
    return CommitExport.toBundle(name, file, options, directory.resolve("cache"), Progress.SILENT);
  }

  private FlatpakName first(Kind kind) throws IOException {
    var plain = new FlatpakName.OfImage(plain().name());
    return switch (kind) {
      case DESCRIBED -> plain;
      case APP -> new FlatpakName.OfImage(plainApp().name());
      case FOREIGN -> new FlatpakName.InRepository(foreign(), "");
      case SIGNED -> {
        try (GnuPg gpg = GnuPg.create()) {
          gpg.key("signer", "ed25519", "sign");
          yield bundle(plain, "signed", signedBy(gpg)).name();
        }
      }
    };
  }

  private static OstreeOptions signedBy(GnuPg gpg) {
    byte[] secret = gpg.gpg("--export-secret-keys", "=signer").output();
    return new OstreeOptions(
        false,
        List.of(SigningKey.parse(secret, new char[0], "key")),
        Instant.ofEpochSecond(TIMESTAMP + 100_000_000));
  }

  private Path foreign() throws IOException {
    Path files = directory.resolve("files");
    Path repository = directory.resolve("foreign");
    var metadata = Metadata.ofRuntime(REF, REF);
    TreeDirectory.write(CommitTree.ofRuntime(FILES, metadata, 0), files);
    ostree.run("--repo=" + repository, "init", "--mode=archive");
    for (String subject : List.of("one", "two")) {
      ostree.run(
          "--repo=" + repository,
          "commit",
          "--branch=" + REF,
          "--subject=" + subject,
          "--add-metadata-string=zebra=1",
          "--add-metadata-string=xa.metadata=" + metadata.text(),
          "--add-metadata-string=alpha=2",
          "--canonical-permissions",
          "--owner-uid=0",
          "--owner-gid=0",
          "--timestamp=@" + TIMESTAMP,
          files.toString());
    }
    return repository;
  }

  @Test
  void whatAContainerChangedIsNotBelieved() throws IOException {
    WrittenImage image = convert(plain(), LayoutChoice.OSTREE, "ostree");
    FileTree changed =
        image
            .name()
            .open(directory.resolve("unused"))
            .readTree(_ -> true, Progress.SILENT)
            .overlay(TreeText.parse("f 0644 usr/share/added new"));
    assertThatThrownBy(
            () ->
                FlatpakSource.ofTree(
                    changed,
                    new java.util.TreeMap<>(Map.of("org.flatpak.ref", REF.toString())),
                    "an image",
                    Progress.SILENT))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("was changed");
  }

  @Test
  void theImporterOfOstreeRsExtTakesTheSystem() throws IOException {
    var flatpak = new FlatpakName.OfImage(plain().name());
    var separate = new OstreeOptions(true, List.of(), Instant.EPOCH);
    for (OstreeOptions options : List.of(OstreeOptions.DEFAULT, separate)) {
      String to = "ostree-" + options.separateLayer();
      WrittenImage written = convert(flatpak, ostree(options), to);
      Image image = written.name().open(directory.resolve("unused"));
      Layer layer = image.layers().getFirst();
      assertThat(image.config().labels())
          .containsEntry("ostree.final-diffid", layer.diffId().toString());
      ImporterRules.Imported imported;
      try (var tar = layer.open()) {
        imported = ImporterRules.run(tar, name -> name);
      }
      assertThat(image.config().labels()).containsEntry("ostree.commit", imported.commit());
      Path repository = repository(extract(written, "root-of-" + to));
      assertThat(imported.commit()).isEqualTo(commit(repository, "os/" + REF.pref()));
      assertThat(imported.objects()).containsAll(reachable(repository, "os/" + REF.pref()));
    }
    // The same layer after a tool has made its names uniform: both commits in one, which is
    // refused.
    Image image =
        new ImageName.Layout(directory.resolve("ostree-false"), "")
            .open(directory.resolve("unused"));
    try (var tar = image.layers().getFirst().open()) {
      assertThatThrownBy(
              () ->
                  ImporterRules.run(tar, name -> name.startsWith("./") ? name.substring(2) : name))
          .hasMessage("Found multiple commit objects");
    }
  }

  private List<String> reachable(Path repository, String ref) {
    return ostree.run("--repo=" + repository, "ls", "-R", "-C", ref).lines().stream()
        .flatMap(line -> Stream.of(line.split(" +")))
        .filter(word -> word.matches("[0-9a-f]{64}"))
        .toList();
  }

  @Test
  void signaturesSatisfyVerifyingRemotes() throws IOException {
    try (GnuPg gpg = GnuPg.create()) {
      gpg.key("signer", "rsa3072", "sign");
      gpg.key("other", "ed25519", "sign");
      Path key = Files.write(directory.resolve("key.gpg"), gpg.certificate("signer"));
      Path other = Files.write(directory.resolve("other.gpg"), gpg.certificate("other"));
      OstreeOptions options = signedBy(gpg);
      var plain = new FlatpakName.OfImage(plain().name());
      WrittenImage image = convert(plain, ostree(options), "ostree");
      CommitExport.toRepository(
          plain, directory.resolve("repo"), options, directory.resolve("cache"), Progress.SILENT);
      Path embedded = repository(extract(image, "root"));
      for (Path repository : List.of(embedded, directory.resolve("repo"))) {
        String url = repository.toUri().toString();
        Path installation =
            directory.resolve(
                "flatpak-"
                    + repository.getFileName().toString()
                    + (repository.equals(embedded) ? "-embedded" : ""));
        installFrom(url, installation, "--gpg-import=" + key);
        FlatpakInstallation.user(Files.createDirectories(directory.resolve("stranger")))
            .rejects("signatures of another key", "remote-add", "--gpg-import=" + other, "t", url);
      }
      Files.writeString(directory.resolve("repo/summary"), "tampered");
      FlatpakInstallation.user(Files.createDirectories(directory.resolve("tampered")))
          .rejects(
              "a summary that is not what was signed",
              "remote-add",
              "--gpg-import=" + key,
              "t",
              directory.resolve("repo").toUri().toString());
    }
  }

  @Test
  void bundlesAreThoseOfFlatpak() throws IOException {
    var plain = new FlatpakName.OfImage(plain().name());
    Path file = directory.resolve("ours.flatpak");
    CommitExport.Written ours = bundle(plain, "ours", OstreeOptions.DEFAULT);
    var flatpak = FlatpakInstallation.user(Files.createDirectories(directory.resolve("flatpak")));
    flatpak.run("install", "-y", "--noninteractive", "--bundle", file.toString());
    assertThat(flatpak.run("info", "--show-commit", REF.toString()).text().strip())
        .isEqualTo(ours.commit().hex());

    export(plain, "repo");
    Path theirs = directory.resolve("theirs.flatpak");
    Judge judge = Judge.of("flatpak");
    judge.run(
        "build-bundle",
        "--runtime",
        directory.resolve("repo").toString(),
        theirs.toString(),
        REF.id(),
        REF.branch());
    for (Path bundle : List.of(file, theirs)) {
      String to = "from-" + bundle.getFileName();
      assertThat(export(new FlatpakName.Bundle(bundle), to).commit()).isEqualTo(ours.commit());
      fsck(directory.resolve(to));
    }
    judge.compared(2);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(directory.resolve("damaged.flatpak"), bytes);
    var stranger = FlatpakInstallation.user(Files.createDirectories(directory.resolve("other")));
    stranger.rejects(
        "a bundle with one bit flipped",
        "install",
        "-y",
        "--noninteractive",
        "--bundle",
        damaged.toString());
    assertThatThrownBy(() -> export(new FlatpakName.Bundle(damaged), "no"))
        .isInstanceOf(OverpakException.class);
  }
}
