package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

class ImageCacheTest {
  private static final LayerFixture LAYER =
      new LayerFixture().directory("etc/").file("etc/passwd", "root").file("etc/big", "slice");

  @TempDir Path directory;
  private final AtomicInteger asked = new AtomicInteger();
  private ImageCache cache;
  private Image image;

  @BeforeEach
  void makeImage() {
    cache = new ImageCache(directory.resolve("cache"));
    image = LayerFixture.image(LAYER.layer(directory, Compression.GZIP));
  }

  /// Counts the files of the layers that were really read.
  private FileTree read() {
    return cache.readTree(
        image, "accounts", this::isAccount, UnaryOperator.identity(), Progress.SILENT);
  }

  private boolean isAccount(TreePath path) {
    asked.incrementAndGet();
    return path.name().equals("passwd");
  }

  @Test
  void readsLayersOnce() {
    FileTree first = read();
    int all = asked.get();
    assertThat(all).isEqualTo(2);
    assertThat(TreeText.show(read())).isEqualTo(TreeText.show(first));
    assertThat(asked).hasValue(all);
  }

  @Test
  void keepsTheView() {
    var made = new AtomicInteger();
    for (int time = 0; time < 2; time++) {
      FileTree seen =
          cache.readTree(
              image,
              "etc",
              this::isAccount,
              tree -> {
                made.incrementAndGet();
                return tree.subtree(new TreePath("etc"));
              },
              Progress.SILENT);
      assertThat(TreeText.show(seen)).contains("passwd root").doesNotContain("etc");
    }
    assertThat(made).hasValue(1);
  }

  @Test
  void keepsOtherPurposesApart() {
    read();
    cache.readTree(image, "all", _ -> true, UnaryOperator.identity(), Progress.SILENT);
    read();
    assertThat(asked).hasValue(2);
  }

  @Test
  void verifiesAgainWhatMayHaveChanged() throws IOException {
    read();
    Path blob = image.layers().getFirst().blob();
    FileTime modified = Files.getLastModifiedTime(blob);
    byte[] changed = Files.readAllBytes(blob);
    changed[changed.length / 2] ^= 1;
    Files.write(blob, changed);
    Files.setLastModifiedTime(blob, modified);
    assertThatThrownBy(this::read)
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void forgetsListingsThatAreOutdated() throws IOException {
    for (int i = 0; i < 3; i++) {
      Path blob = image.layers().getFirst().blob();
      Files.copy(blob, directory.resolve("copy"));
      Files.move(
          directory.resolve("copy"), blob, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      read();
    }
    assertThat(asked).hasValue(6);
    try (Stream<Path> files = Files.walk(cache.directory()).filter(Files::isRegularFile)) {
      assertThat(files.toList()).hasSize(1);
    }
  }

  @Test
  void damageToTheCacheCostsOnlyTime() throws IOException {
    FileTree first = read();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(cache.directory()).filter(Files::isRegularFile)) {
      files = walk.toList();
    }
    Files.write(files.getFirst(), new byte[] {1, 2, 3});
    assertThat(TreeText.show(read())).isEqualTo(TreeText.show(first));
    assertThat(asked).hasValue(4);
  }
}
