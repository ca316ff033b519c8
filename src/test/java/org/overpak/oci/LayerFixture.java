package org.overpak.oci;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.overpak.Digest;
import org.overpak.Progress;
import org.overpak.tree.FileTree;

/// Layers made entry by entry, also such as no writer makes, and images of them.
final class LayerFixture {
  private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

  LayerFixture directory(String name) {
    return entry('5', name, "", "");
  }

  LayerFixture file(String name, String content) {
    return entry('0', name, "", content);
  }

  LayerFixture symlink(String name, String target) {
    return entry('2', name, target, "");
  }

  LayerFixture hardLink(String name, String target) {
    return entry('1', name, target, "");
  }

  LayerFixture file(String name, byte[] content) {
    return entry('0', name, "", content);
  }

  LayerFixture entry(char type, String name, String target, String content) {
    return entry(type, name, target, content.getBytes(StandardCharsets.UTF_8));
  }

  private LayerFixture entry(char type, String name, String target, byte[] bytes) {
    byte[] block = new byte[TarHeader.BLOCK];
    TarHeader.NAME.putText(block, name.getBytes(StandardCharsets.UTF_8));
    TarHeader.LINK_NAME.putText(block, target.getBytes(StandardCharsets.UTF_8));
    TarHeader.MODE.putNumber(block, type == '5' ? 0755 : 0644);
    TarHeader.SIZE.putNumber(block, bytes.length);
    tar.writeBytes(TarTest.withType(block, type));
    tar.writeBytes(Arrays.copyOf(bytes, bytes.length + TarHeader.padding(bytes.length)));
    return this;
  }

  byte[] bytes() {
    byte[] bytes = tar.toByteArray();
    return Arrays.copyOf(bytes, bytes.length + 1024);
  }

  Layer layer(Path directory, Compression compression) {
    byte[] bytes = bytes();
    byte[] stored = MemberCompressor.of(LayerCompression.of(compression)).compress(bytes);
    return layer(directory, compression, stored, Digest.sha256(bytes));
  }

  static Layer layer(Path directory, Compression compression, byte[] stored, Digest diffId) {
    Digest digest = Digest.sha256(stored);
    try {
      Path blob = Files.write(directory.resolve(digest.hex()), stored);
      var descriptor = new Descriptor(compression.layerMediaType(), digest, stored.length);
      return new Layer(descriptor, diffId, blob);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Image image(Layer... layers) {
    return new Image(
        new ImageName.Layout(Path.of("fixture"), ""),
        Digest.sha256(new byte[0]),
        ImageConfig.of("amd64", java.time.Instant.EPOCH),
        List.of(layers));
  }

  /// The tree of these layers, all content in memory.
  static FileTree read(Path directory, LayerFixture... fixtures) {
    List<Layer> layers = new ArrayList<>();
    for (LayerFixture fixture : fixtures) {
      layers.add(fixture.layer(directory, Compression.NONE));
    }
    return image(layers.toArray(Layer[]::new)).readTree(_ -> true, Progress.SILENT);
  }
}
