package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeText;

class ImageLayoutTest {
  private static final Instant EPOCH = Instant.parse("2026-01-02T03:04:05Z");
  private static final ImageConfig CONFIG =
      new ImageConfig(
          "amd64",
          "linux",
          EPOCH,
          new ImageConfig.Execution("", List.of("PATH=/bin"), List.of(), List.of("/bin/sh"), "/"),
          new TreeMap<>(Map.of("org.flatpak.ref", "app/x/y/z", "a", "quote \" \\ \n \u0001 ü")),
          List.of(new ImageConfig.History(EPOCH, "overpak", "", false)));
  private static final FileTree TREE = TreeText.parse("d 0755 a\nf 0644 a/b hello\nl l -> a/b");

  @TempDir Path directory;
  private Path layout;
  private ImageName.Layout name;

  @BeforeEach
  void nameLayout() {
    layout = directory.resolve("some/layout");
    name = new ImageName.Layout(layout, "app/org.example.App/x86_64/stable");
  }

  private WrittenLayer layer(FileTree... parts) {
    return new LayerWriter(new LayerFormat(LayerCompression.of(Compression.GZIP), EPOCH))
        .write(List.of(parts), directory, Progress.SILENT);
  }

  @Test
  void readsBackWhatItWrote() {
    WrittenLayer layer = layer(TREE);
    Digest digest = ImageLayout.write(name, CONFIG, List.of(layer));

    Image image = ImageLayout.open(new ImageName.Layout(layout, ""));

    assertThat(image.digest()).isEqualTo(digest);
    assertThat(image.name()).isEqualTo(name);
    assertThat(image.config()).isEqualTo(CONFIG);
    assertThat(image.layers().getFirst().descriptor()).isEqualTo(layer.descriptor());
    assertThat(TreeText.show(image.readTree(_ -> false, Progress.SILENT)))
        .isEqualTo("d 0755 \n" + TreeText.show(TREE));
    assertThat(layer.file()).doesNotExist();
  }

  @Test
  void replacesOnlyTheEntryOfItsNameAndKeepsWhatItDoesNotKnow() throws IOException {
    ImageLayout.write(name, CONFIG, List.of(layer(TREE)));
    ImageLayout.write(name.withReference("other"), CONFIG, List.of(layer(TREE)));
    Path index = layout.resolve("index.json");
    String text = Files.readString(index);
    Files.writeString(
        index,
        text.replaceFirst("\\{", "{\"x-own\":[1.50,null,true],\"annotations\":{\"a\":\"b\"},"));

    Digest digest = ImageLayout.write(name, CONFIG, List.of(layer(TreeText.parse("f 0644 z z"))));

    assertThat(ImageLayout.references(layout))
        .containsExactly("app/org.example.App/x86_64/stable", "other");
    assertThat(ImageLayout.open(name).digest()).isEqualTo(digest);
    assertThat(Files.readString(index))
        .startsWith("{\"x-own\":[1.50,null,true],\"annotations\":{\"a\":\"b\"},");
  }

  @Test
  void listsTheImagesIfItCannotChoose() {
    ImageLayout.write(name, CONFIG, List.of(layer(TREE)));
    ImageLayout.write(name.withReference("other"), CONFIG, List.of(layer(TREE)));
    assertThatThrownBy(() -> ImageLayout.open(new ImageName.Layout(layout, "")))
        .hasMessageContaining("app/org.example.App/x86_64/stable, other");
    assertThatThrownBy(() -> ImageLayout.open(name.withReference("third")))
        .hasMessageContaining("app/org.example.App/x86_64/stable, other")
        .hasMessageContaining("'third'");
  }

  @Test
  void aFailedWriteLeavesNothing() throws IOException {
    WrittenLayer good = layer(TREE);
    var lost = new WrittenLayer(good.descriptor(), good.diffId(), directory.resolve("lost"));
    assertThatThrownBy(() -> ImageLayout.write(name, CONFIG, List.of(layer(TREE), lost)))
        .isInstanceOf(IllegalArgumentException.class); // history of one layer
    ImageConfig config = CONFIG.withHistory(List.of());
    assertThatThrownBy(
            () ->
                ImageLayout.write(name, config, List.of(layer(TreeText.parse("f 0644 q q")), lost)))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FILESYSTEM));
    assertThat(directory.resolve("some")).doesNotExist();

    ImageLayout.write(name, CONFIG, List.of(layer(TREE)));
    List<String> before = files(layout);
    assertThatThrownBy(
            () ->
                ImageLayout.write(name, config, List.of(layer(TreeText.parse("f 0644 q q")), lost)))
        .isInstanceOf(OverpakException.class);
    assertThat(files(layout)).isEqualTo(before);
  }

  @Test
  void anInterruptedWriteLeavesNothing() throws IOException {
    WrittenLayer layer = layer(TREE);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> ImageLayout.write(name, CONFIG, List.of(layer)))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INTERRUPTED));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(directory.resolve("some")).doesNotExist();
  }

  @Test
  void refusesADirectoryThatIsSomethingElse() throws IOException {
    Files.createDirectories(layout);
    Files.writeString(layout.resolve("precious"), "data");
    assertThatThrownBy(() -> ImageLayout.write(name, CONFIG, List.of(layer(TREE))))
        .hasMessageContaining("not empty");
    assertThat(files(layout)).containsExactly("precious");
  }

  @Test
  void writersAtTheSameTimeAllSucceed() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Digest>> writers =
          IntStream.range(0, 12)
              .<Callable<Digest>>mapToObj(
                  i -> {
                    WrittenLayer layer = layer(TreeText.parse("f 0644 a " + i / 2));
                    return () ->
                        ImageLayout.write(name.withReference("n" + i), CONFIG, List.of(layer));
                  })
              .toList();
      for (var result : executor.invokeAll(writers)) {
        result.get();
      }
    }
    assertThat(ImageLayout.references(layout)).hasSize(12);
    for (String reference : ImageLayout.references(layout)) {
      ImageLayout.open(name.withReference(reference)).readTree(_ -> false, Progress.SILENT);
    }
  }

  @Test
  void damageIsNamed() throws IOException {
    WrittenLayer layer = layer(TREE);
    Digest digest = ImageLayout.write(name, CONFIG, List.of(layer));
    Path manifest = LayoutReader.blob(layout, digest);
    Path blob = LayoutReader.blob(layout, layer.descriptor().digest());

    assertDamage(blob, new byte[0], "has 0 bytes");
    assertDamage(blob, null, "missing");
    assertDamage(manifest, null, "missing");
    byte[] changed = Files.readAllBytes(manifest);
    changed[20] ^= 1;
    assertDamage(manifest, changed, "digest");
    Path index = layout.resolve("index.json");
    assertDamage(index, null, "index.json is missing");
    assertDamage(index, bytes("{\"schemaVersion\":2,\"manifests\":[{}"), "index.json");
    assertDamage(index, bytes("[]"), "no JSON object");
    assertDamage(index, bytes("{\"schemaVersion\":2,\"schemaVersion\":2}"), "index.json");
    assertDamage(index, bytes("[".repeat(100_000)), "index.json");
    assertDamage(index, bytes("{\"schemaVersion\":2,\"manifests\":[]}"), "holds no image");
    assertDamage(layout.resolve("oci-layout"), bytes("{\"imageLayoutVersion\":\"2\"}"), "version");
    assertDamage(layout.resolve("oci-layout"), null, "no OCI image layout");
    ImageLayout.open(name);
  }

  /// That the layout is refused, and why, while FILE has other bytes or is not there.
  private void assertDamage(Path file, byte @org.jspecify.annotations.Nullable [] bytes, String why)
      throws IOException {
    Path saved = directory.resolve("saved");
    Files.move(file, saved);
    if (bytes != null) {
      Files.write(file, bytes);
    }
    assertThatThrownBy(() -> ImageLayout.open(name))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE))
        .hasMessageContaining(why);
    Files.move(saved, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void indexesForeignTypesAndCountsAreRefused() throws IOException {
    Digest digest = ImageLayout.write(name, CONFIG, List.of(layer(TREE)));
    String good = Files.readString(LayoutReader.blob(layout, digest));
    String type = MediaType.MANIFEST;
    assertManifestRefused(good.replace("+gzip", "+lzma"), type, "not supported");
    assertManifestRefused(
        good.replace(MediaType.CONFIG, "application/json"), type, "configuration");
    assertManifestRefused(good.replaceFirst("\"layers\":.*]", "\"layers\":[]"), type, "no layers");
    assertManifestRefused(
        good.replaceFirst("\"layers\":\\[(.*)]", "\"layers\":[$1,$1]"), type, "1 diff_ids");
    assertManifestRefused(good, MediaType.INDEX, "an index of images, none of which is for");
    assertManifestRefused(good, "application/x-artifact", "not an image manifest");
    assertManifestRefused(
        good, "application/vnd.docker.distribution.manifest.v2+json", "says of itself");
  }

  private void assertManifestRefused(String manifest, String mediaType, String why)
      throws IOException {
    byte[] bytes = bytes(manifest);
    Digest digest = Digest.sha256(bytes);
    Files.write(LayoutReader.blob(layout, digest), bytes);
    Json.Fields index =
        IndexEntries.replace(
            IndexEntries.EMPTY, "x", new Descriptor(mediaType, digest, bytes.length));
    Files.write(layout.resolve("index.json"), index.toBytes());
    assertThatThrownBy(() -> ImageLayout.open(name.withReference("x"))).hasMessageContaining(why);
  }

  @Test
  void theManifestIsAGolden() throws IOException {
    Digest digest =
        ImageLayout.write(
            name,
            CONFIG,
            List.of(
                new LayerWriter(new LayerFormat(LayerCompression.of(Compression.NONE), EPOCH))
                    .write(List.of(TREE), directory, Progress.SILENT)));
    String manifest = Files.readString(LayoutReader.blob(layout, digest));
    assertThat(manifest)
        .matches(
            "\\{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1\\+json\","
                + "\"config\":\\{\"mediaType\":\"application/vnd.oci.image.config.v1\\+json\","
                + "\"digest\":\"sha256:[0-9a-f]{64}\",\"size\":\\d+},"
                + "\"layers\":\\[\\{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\","
                + "\"digest\":\"sha256:[0-9a-f]{64}\",\"size\":\\d+}]}");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return List.copyOf(
          new TreeSet<>(
              all.filter(Files::isRegularFile)
                  .map(file -> root.relativize(file).toString())
                  .toList()));
    }
  }
}
