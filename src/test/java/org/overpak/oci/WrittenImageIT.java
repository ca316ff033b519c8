package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.overpak.Progress;
import org.overpak.testing.BuildahStore;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

/// Images that we write, as skopeo, buildah, flatpak and bsdtar read them. All layers have several
/// parts, one of them of several members: whether readers take that is what is tested.
class WrittenImageIT {
  private static final long TIME = 1_700_000_000;
  private static final Instant EPOCH = Instant.ofEpochSecond(TIME);
  private static final String REFERENCE = "app/org.example.App/x86_64/stable";

  @TempDir Path directory;

  /// What any system can hold.
  private static FileTree odd() {
    Map<TreePath, Entry> entries = new TreeMap<>();
    put(entries, "", new Entry.Directory(Attributes.of(0755, TIME)));
    put(entries, "d", new Entry.Directory(new Attributes(01777, new Owner(5, 6), 3, noXattrs())));
    put(entries, "d/suid", file(06755, new Owner(0, 12), "suid"));
    put(entries, "d/größe 文", file(0600, new Owner(3_000_000, 1), "name"));
    put(entries, "d/" + "long".repeat(60), file(0644, Owner.ROOT, ""));
    put(entries, "d/link", new Entry.Symlink(Attributes.of(0777, TIME), "/etc/" + "x".repeat(150)));
    put(entries, "d/fifo", special(Entry.Special.Kind.FIFO, 0, 0));
    put(entries, "d/null", special(Entry.Special.Kind.CHARACTER_DEVICE, 1, 3));
    var group = new LinkGroup();
    var linked =
        new Entry.RegularFile(
            new Attributes(
                0644,
                Owner.ROOT,
                TIME,
                new TreeMap<>(
                    Map.of("user.overpak", new ExtendedAttribute(new byte[] {0, -1, 10})))),
            Content.of("linked"),
            group);
    put(entries, "d/x", linked);
    put(entries, "a", linked);
    return FileTree.of(entries);
  }

  /// What Flatpak takes: canonical modes, no owners.
  private static FileTree app() {
    Map<TreePath, Entry> entries = new TreeMap<>();
    put(entries, "", new Entry.Directory(Attributes.of(0755, TIME)));
    put(entries, "metadata", file(0644, Owner.ROOT, METADATA));
    for (String path : List.of("files", "files/bin", "files/share")) {
      put(entries, path, new Entry.Directory(Attributes.of(0755, TIME)));
    }
    put(entries, "files/bin/app", file(0755, Owner.ROOT, "#!/bin/sh\n"));
    put(entries, "files/share/größe", file(0644, Owner.ROOT, "x"));
    put(entries, "files/bin/link", new Entry.Symlink(Attributes.of(0777, TIME), "app"));
    return FileTree.of(entries);
  }

  private static final String METADATA =
      """
      [Application]
      name=org.example.App
      runtime=org.example.Platform/x86_64/stable
      """;

  /// A part of several members.
  private static FileTree big() {
    byte[] bytes = new byte[2 * MemberStream.LARGEST_MEMBER + 100];
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 1000, bytes.length - 1000, (byte) 'b');
    return FileTree.of(
        Map.of(
            new TreePath("files"),
            new Entry.Directory(Attributes.of(0755, TIME)),
            new TreePath("files/big"),
            new Entry.RegularFile(Attributes.of(0644, TIME), Content.of(bytes))));
  }

  private static void put(Map<TreePath, Entry> entries, String path, Entry entry) {
    entries.put(new TreePath(path), entry);
  }

  private static SortedMap<String, ExtendedAttribute> noXattrs() {
    return new TreeMap<>();
  }

  private static Entry file(int mode, Owner owner, String content) {
    return new Entry.RegularFile(
        new Attributes(mode, owner, TIME, noXattrs()), Content.of(content));
  }

  private static Entry special(Entry.Special.Kind kind, int major, int minor) {
    return new Entry.Special(Attributes.of(0644, TIME), kind, major, minor);
  }

  private ImageName.Layout write(Compression compression, FileTree tree) {
    WrittenLayer layer =
        new LayerWriter(new LayerFormat(LayerCompression.of(compression), EPOCH))
            .write(List.of(tree, big()), directory, Progress.SILENT);
    var labels =
        new TreeMap<>(
            Map.of(
                "org.flatpak.ref",
                REFERENCE,
                "org.flatpak.metadata",
                METADATA,
                "org.flatpak.commit-metadata.xa.metadata",
                variant(METADATA),
                "org.flatpak.commit-metadata.xa.ref",
                variant(REFERENCE)));
    var config =
        ImageConfig.of("amd64", EPOCH)
            .withLabels(labels)
            .withExecution(
                new ImageConfig.Execution(
                    "", List.of("PATH=/usr/bin"), List.of(), List.of("/bin/sh", "-l"), "/"))
            .withHistory(List.of(new ImageConfig.History(EPOCH, "overpak build", "", false)));
    var name = new ImageName.Layout(directory.resolve("layout"), REFERENCE);
    ImageLayout.write(name, config, List.of(layer));
    return name;
  }

  /// A string as a variant of type `v`, in base64.
  private static String variant(String text) {
    byte[] bytes = (text + "\0\0s").getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void damageLayer(ImageName.Layout name) {
    Path blob = ImageLayout.open(name).layers().getFirst().blob();
    try {
      byte[] bytes = Files.readAllBytes(blob);
      bytes[bytes.length / 2] ^= 1;
      Files.write(blob, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void skopeoCopiesItAndReadsItsConfig(Compression compression) {
    Judge skopeo = Judge.of("skopeo");
    ImageName.Layout name = write(compression, odd());

    String raw = skopeo.run("inspect", "--raw", name.toString()).text();
    assertThat(raw).contains("\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"");
    JsonDocument theirs =
        JsonDocument.parse(skopeo.run("inspect", "--config", name.toString()).output(), "skopeo");
    JsonDocument run = theirs.requiredObject("config");
    ImageConfig ours = ImageLayout.open(name).config();
    skopeo.compare("labels of an image", run.textsByName("Labels"), ours.labels());
    assertThat(run.texts("Cmd")).isEqualTo(ours.execution().command());
    assertThat(run.texts("Env")).isEqualTo(ours.execution().environment());
    assertThat(theirs.requiredText("created")).isEqualTo(EPOCH.toString());
    skopeo.compared(4);

    // Checks every digest, and for Docker's archive decompresses every member.
    String copy = "oci:" + directory.resolve("copy") + ":copy";
    skopeo.run("copy", "-q", name.toString(), copy);
    assertThat(((ImageName.Layout) ImageName.parse(copy)).directory()).isDirectory();
    if (compression != Compression.ZSTD) { // which Docker's images cannot have
      skopeo.run(
          "copy", "-q", name.toString(), "docker-archive:" + directory.resolve("tar") + ":a:b");
    }

    damageLayer(name);
    skopeo.rejects(
        "a layer with one bit flipped",
        "copy",
        "-q",
        name.toString(),
        "oci:" + directory.resolve("bad"));
  }

  @ParameterizedTest
  @EnumSource
  void bsdtarExtractsTheTree(Compression compression) throws IOException {
    ImageName.Layout name = write(compression, odd());
    Path root = Files.createDirectory(directory.resolve("root"));
    Path blob = ImageLayout.open(name).layers().getFirst().blob();
    Judge bsdtar = Judge.of("bsdtar");
    bsdtar.run("-xpf", blob.toString(), "-C", root.toString());

    FileTree expected = odd().overlay(big());
    Map<String, String> theirs = Mtree.ofDirectory(root);
    bsdtar.compare("layer extracted", theirs, Mtree.ofTree(expected));
    bsdtar.distinguishes(
        "a mode",
        "layer extracted",
        theirs,
        Mtree.ofTree(expected.with(new TreePath("d/suid"), file(0755, new Owner(0, 12), "suid"))));
    assertThat((byte[]) Files.getAttribute(root.resolve("a"), "user:overpak"))
        .containsExactly(0, -1, 10);
    bsdtar.compared(1);

    damageLayer(name);
    if (compression != Compression.NONE) {
      bsdtar.rejects("a layer with one bit flipped", "-tf", blob.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void buildahMountsTheTree(Compression compression) {
    ImageName.Layout name = write(compression, odd());
    try (var buildah = new BuildahStore(directory, "vfs")) {
      String container = buildah.run("from", "--pull-never", name.toString()).strip();
      Path mount = Path.of(buildah.run("mount", container).strip());
      FileTree expected = odd().overlay(big());
      Map<String, String> theirs = Mtree.ofDirectory(mount);
      buildah.judge().compare("image mounted", theirs, Mtree.ofTree(expected));
      buildah
          .judge()
          .distinguishes(
              "content",
              "image mounted",
              theirs,
              Mtree.ofTree(expected.overlay(TreeText.parse("f 0644 files/big b"))));
      buildah.run("umount", container);
    }
    damageLayer(name);
    // Another store: what is in one is not read again.
    try (var buildah = new BuildahStore(directory.resolve("other"), "vfs")) {
      buildah.rejects("a layer with one bit flipped", "from", "--pull-never", name.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void flatpakImportsTheTree(Compression compression) throws IOException {
    ImageName.Layout name = write(compression, app());
    Path repo = directory.resolve("repo");
    Judge ostree = Judge.of("ostree");
    ostree.run("init", "--repo=" + repo, "--mode=archive");
    Judge flatpak = Judge.of("flatpak");
    flatpak.run(flatpakImport(flatpak, repo, name.directory()));

    Path checkout = directory.resolve("checkout");
    ostree.run("checkout", "--repo=" + repo, "-U", REFERENCE, checkout.toString());
    FileTree expected = app().overlay(big());
    String[] ignored = {"time", "nlink"};
    Map<String, String> theirs = Mtree.ofDirectory(checkout, ignored);
    flatpak.compare("image imported", theirs, Mtree.ofTree(expected, ignored));
    flatpak.distinguishes(
        "a missing file",
        "image imported",
        theirs,
        Mtree.ofTree(expected.without(new TreePath("files/bin/app")), ignored));

    // A flipped bit would do, but lets Flatpak 1.14 print errors for ever.
    replaceLayer(name, compression);
    flatpak.rejects(
        "a layer that is another than the manifest says",
        flatpakImport(flatpak, repo, name.directory()));
  }

  /// Puts a good layer where another one should be.
  private void replaceLayer(ImageName.Layout name, Compression compression) throws IOException {
    WrittenLayer other =
        new LayerWriter(new LayerFormat(LayerCompression.of(compression), EPOCH))
            .write(List.of(app()), directory, Progress.SILENT);
    Files.move(
        other.file(),
        ImageLayout.open(name).layers().getFirst().blob(),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Command flatpakImport(Judge flatpak, Path repo, Path layout) {
    return flatpak
        .command("build-import-bundle", "--oci", repo.toString(), layout.toString())
        .with("HOME", directory.toString());
  }
}
