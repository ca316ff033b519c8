package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.Progress;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

class TreeIndexTest {
  private static final LayerFixture LAYER =
      new LayerFixture()
          .directory("etc/")
          .file("etc/größe", "in memory")
          .hardLink("etc/other", "etc/größe")
          .file("etc/slice", "in the layer")
          .file("last", "too")
          .symlink("lib", "usr/lib")
          .entry('6', "pipe", "", "");

  @TempDir Path directory;
  private Image image;
  private FileTree tree;
  private Path file;

  @BeforeEach
  void writeIndex() {
    image = LayerFixture.image(LAYER.layer(directory, Compression.GZIP));
    tree = image.readTree(path -> !path.name().equals("slice"), Progress.SILENT);
    file = directory.resolve("index");
    TreeIndex.write(file, image, tree);
  }

  @Test
  void givesTheSameTreeWithoutReadingTheLayer() throws IOException {
    Files.move(image.layers().getFirst().blob(), directory.resolve("moved"));
    FileTree read = TreeIndex.read(file, image).orElseThrow();
    assertThat(TreeText.show(read.without(new TreePath("etc/slice"))))
        .isEqualTo(TreeText.show(tree.without(new TreePath("etc/slice"))));
    assertThat(slice(read)).isEqualTo(slice(tree));
  }

  private static Content slice(FileTree tree) {
    return ((Entry.RegularFile) tree.get("etc/slice").orElseThrow()).content();
  }

  @Test
  void isTheSameForTheSameTree() throws IOException {
    Path again = directory.resolve("again");
    TreeIndex.write(again, image, tree);
    assertThat(Files.mismatch(file, again)).isEqualTo(-1);
  }

  @Test
  void isOfOneImage() {
    Image other =
        new Image(image.name(), Digest.sha256(new byte[] {1}), image.config(), image.layers());
    assertThat(TreeIndex.read(file, other)).isEmpty();
  }

  @Test
  void isNotUsedIfAnythingIsWrongWithIt() throws IOException {
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      Files.write(file, changed);
      assertThat(TreeIndex.read(file, image)).as("byte %d", i).isEmpty();
      Files.write(file, java.util.Arrays.copyOf(good, i));
      assertThat(TreeIndex.read(file, image)).as("cut at %d", i).isEmpty();
    }
    Files.delete(file);
    assertThat(TreeIndex.read(file, image)).isEmpty();
  }
}
