package org.overpak.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
  private static final FileTree TREE =
      TreeText.parse(
          """
          d 0755 a
          f 0644 a/file one
          d 0700 a/sub
          f 0644 a/sub/deep two
          f 0644 a-b beside
          f 0644 a.txt beside too
          f 0644 a0 after
          """);

  @Test
  void subtreeTakesADirectoryAndNotItsNeighbours() {
    assertThat(TreeText.show(TREE.subtree(new TreePath("a"))))
        .isEqualTo("d 0755 \nf 0644 file one\nd 0700 sub\nf 0644 sub/deep two\n");
  }

  @Test
  void overlayReplacesADirectoryWithAllItHeld() {
    FileTree result = TREE.overlay(TreeText.parse("f 0600 a now a file"));
    assertThat(TreeText.show(result))
        .isEqualTo(
            "f 0600 a now a file\nf 0644 a-b beside\nf 0644 a.txt beside too\nf 0644 a0 after\n");
  }

  @Test
  void overlayMergesDirectoriesAndTakesTheUpperAttributes() {
    FileTree result = TREE.overlay(TreeText.parse("d 0711 a\nf 0644 a/file new"));
    assertThat(TreeText.show(result))
        .startsWith("d 0711 a\n")
        .contains("f 0644 a/file new\n", "f 0644 a/sub/deep two\n");
  }

  @Test
  void refusesEntriesBelowAFile() {
    assertThatThrownBy(() -> TREE.overlay(TreeText.parse("f 0644 a0/x y")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/a0");
    assertThatThrownBy(() -> TreeText.parse("l a -> b\nf 0644 a/x y"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hardLinksSurviveSubtreeAndOverlay() {
    FileTree linked = TreeText.parse("f 0755 d/one x\nh d/two = d/one\nf 0644 other y");
    assertThat(TreeText.show(linked.subtree(new TreePath("d"))))
        .isEqualTo("f 0755 one x\nh two = one\n");
    assertThat(TreeText.show(linked.overlay(TreeText.parse("f 0644 d/one new"))))
        .isEqualTo("f 0644 d/one new\nf 0755 d/two x\nf 0644 other y\n");
  }

  @Test
  void resolvesLinksInsideTheTreeOnly() {
    FileTree tree =
        TreeText.parse(
            """
            l lib -> usr/lib
            l etc -> /files/etc
            l usr -> files
            l up -> ../../../files
            l loop -> loop2
            l loop2 -> loop
            d 0755 files/lib
            """);
    assertThat(tree.resolveParents(new TreePath("lib/x"))).isEqualTo(new TreePath("files/lib/x"));
    assertThat(tree.resolve(new TreePath("etc"))).isEqualTo(new TreePath("files/etc"));
    assertThat(tree.resolveParents(new TreePath("etc"))).isEqualTo(new TreePath("etc"));
    assertThat(tree.resolve(new TreePath("up/lib"))).isEqualTo(new TreePath("files/lib"));
    assertThatThrownBy(() -> tree.resolve(new TreePath("loop")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void listsDirectoriesThatAreOnlyImplied() {
    assertThat(TREE.list(TreePath.ROOT)).containsExactly("a", "a-b", "a.txt", "a0");
    assertThat(TreeText.parse("f 0644 x/y/z 1").list(TreePath.ROOT)).containsExactly("x");
    assertThat(TREE.list(new TreePath("a"))).containsExactly("file", "sub");
  }

  @Test
  void readsADirectoryAsItIs(@TempDir Path directory) throws IOException {
    Files.createDirectories(directory.resolve("é/sub"));
    Files.writeString(directory.resolve("é/f"), "content");
    Files.setPosixFilePermissions(
        directory.resolve("é/f"), PosixFilePermissions.fromString("rwxr-x---"));
    Files.setPosixFilePermissions(
        directory.resolve("é/sub"), PosixFilePermissions.fromString("rwx------"));
    Files.createLink(directory.resolve("g"), directory.resolve("é/f"));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("/nowhere"));
    assertThat(TreeText.show(FileTree.ofDirectory(directory)))
        .contains("f 0750 g content\n", "l link -> /nowhere\n", "d 0700 é/sub\n", "h é/f = g\n");
  }

  @Test
  void contentReaderGoesForwardThroughOneSourceWithoutStartingAnew() throws IOException {
    var opened = new int[1];
    byte[] bytes = "0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Content.Source source =
        () -> {
          opened[0]++;
          return new java.io.ByteArrayInputStream(bytes);
        };
    try (var reader = new ContentReader()) {
      assertThat(reader.open(new Content.Slice(source, 1, 3)).read()).isEqualTo('1');
      assertThat(reader.open(new Content.Slice(source, 4, 2)).readAllBytes())
          .containsExactly('4', '5');
      assertThat(reader.open(new Content.Slice(source, 8, 2)).readAllBytes())
          .containsExactly('8', '9');
      assertThat(opened[0]).isEqualTo(1);
      assertThat(reader.open(new Content.Slice(source, 0, 1)).readAllBytes()).containsExactly('0');
      assertThat(opened[0]).isEqualTo(2);
      assertThatThrownBy(() -> reader.open(new Content.Slice(source, 9, 2)).readAllBytes())
          .isInstanceOf(java.io.EOFException.class);
    }
  }

  @Test
  void attributesRefuseTypeBits() {
    assertThatThrownBy(() -> Attributes.of(0100644, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(
            FileTree.of(Map.of(new TreePath("x"), new Entry.Directory(Attributes.of(01777, 5))))
                .get("x"))
        .get()
        .extracting(entry -> entry.attributes().mode())
        .isEqualTo(01777);
  }
}
