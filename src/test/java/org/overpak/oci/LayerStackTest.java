package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.TreeText;

class LayerStackTest {
  private static final LayerFixture LOWER =
      new LayerFixture()
          .directory("./")
          .directory("etc/")
          .file("etc/hosts", "one")
          .directory("usr/")
          .directory("usr/lib/")
          .file("usr/lib/a", "A")
          .file("usr/lib/b", "B")
          .symlink("lib", "usr/lib");

  @TempDir Path directory;

  @Test
  void whiteoutsHideOnlyWhatLiesBelowTheirLayer() {
    FileTree tree =
        LayerFixture.read(
            directory,
            LOWER,
            new LayerFixture()
                .directory("usr/lib/")
                .file("usr/lib/c", "C")
                .file("usr/lib/.wh..wh.opq", "")
                .file("etc/hosts", "two")
                .file("etc/.wh.hosts", "")
                .file(".wh.lib", "")
                .file(".wh..wh.plnk", ""));
    assertThat(TreeText.show(tree))
        .isEqualTo(
            """
            d 0755\s
            d 0755 etc
            f 0644 etc/hosts two
            d 0755 usr
            d 0755 usr/lib
            f 0644 usr/lib/c C
            """);
  }

  @Test
  void aFileReplacesADirectoryWithAllItHeld() {
    FileTree tree = LayerFixture.read(directory, LOWER, new LayerFixture().file("usr", "gone"));
    assertThat(TreeText.show(tree)).contains("f 0644 usr gone\n").doesNotContain("usr/lib/a");
  }

  @Test
  void hardLinksReachLayersBelow() {
    FileTree tree =
        LayerFixture.read(
            directory,
            LOWER,
            new LayerFixture().hardLink("usr/lib/z", "usr/lib/a").hardLink("y", "./usr/lib/z"));
    assertThat(TreeText.show(tree))
        .contains("f 0644 usr/lib/a A\n")
        .contains("h usr/lib/z = usr/lib/a\n")
        .contains("h y = usr/lib/a\n");
    assertThat(tree.get("usr/lib/b").orElseThrow())
        .isInstanceOfSatisfying(
            Entry.RegularFile.class, file -> assertThat(file.links()).isSameAs(LinkGroup.NONE));
  }

  @Test
  void namesBelowSymbolicLinksAreRefused() {
    assertRefused(new LayerFixture().symlink("a", "/etc").file("a/passwd", "x"), "a/passwd");
    OverpakException failure =
        org.junit.jupiter.api.Assertions.assertThrows(
            OverpakException.class,
            () -> LayerFixture.read(directory, LOWER, new LayerFixture().file("lib/x", "x")));
    assertThat(failure).hasMessageContaining("lib/x").hasMessageContaining("sha256:");
  }

  @Test
  void hostileNamesAreRefused() {
    assertRefused(new LayerFixture().file("../x", ""), "../x");
    assertRefused(new LayerFixture().file("a/../../x", ""), "a/../../x");
    assertRefused(new LayerFixture().file("a/.wh...", ""), ".wh...");
    assertRefused(new LayerFixture().file("a/.wh.", ""), ".wh.");
    assertRefused(new LayerFixture().hardLink("x", "../../etc/passwd"), "x");
    assertRefused(new LayerFixture().hardLink("x", "not/there"), "not/there");
    assertRefused(new LayerFixture().directory("d/").hardLink("x", "d"), "directory");
    assertRefused(new LayerFixture().symlink("./", "/"), "root");
  }

  private void assertRefused(LayerFixture fixture, String named) {
    assertThatThrownBy(() -> LayerFixture.read(directory, fixture))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE))
        .hasMessageContaining("layer sha256:")
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @EnumSource
  void contentIsASliceUnlessWantedInMemory(Compression compression) throws IOException {
    Layer layer = LOWER.layer(directory, compression);
    FileTree tree =
        LayerFixture.image(layer)
            .readTree(path -> path.value().equals("usr/lib/a"), Progress.SILENT);
    assertThat(content(tree, "usr/lib/a")).isInstanceOf(Content.Bytes.class);
    assertThat(content(tree, "usr/lib/b")).isInstanceOf(Content.Slice.class);
    assertThat(content(tree, "usr/lib/b").readAll()).isEqualTo(new byte[] {'B'});
  }

  private static Content content(FileTree tree, String path) {
    return ((Entry.RegularFile) tree.get(path).orElseThrow()).content();
  }

  @ParameterizedTest
  @EnumSource
  void everyTruncationAndTrailerIsAnError(Compression compression) throws IOException {
    byte[] stored = Files.readAllBytes(LOWER.layer(directory, compression).blob());
    Digest diffId = Digest.sha256(LOWER.bytes());
    for (int length = 0; length < stored.length; length += 37) {
      assertDamaged(compression, Arrays.copyOf(stored, length), diffId, "cut at " + length);
    }
    assertDamaged(compression, Arrays.copyOf(stored, stored.length + 7), diffId, "longer");
  }

  @ParameterizedTest
  @EnumSource
  void everyChangedByteIsAnError(Compression compression) throws IOException {
    Layer good = LOWER.layer(directory, compression);
    byte[] stored = Files.readAllBytes(good.blob());
    for (int i = 0; i < stored.length; i += 29) {
      byte[] changed = stored.clone();
      changed[i] ^= 0x10;
      Files.write(good.blob(), changed);
      assertThatThrownBy(() -> LayerFixture.image(good).readTree(_ -> false, Progress.SILENT))
          .as("byte %d", i)
          .isInstanceOf(OverpakException.class);
    }
  }

  @Test
  void theDiffIdIsVerified() throws IOException {
    byte[] stored = Files.readAllBytes(LOWER.layer(directory, Compression.GZIP).blob());
    assertDamaged(Compression.GZIP, stored, Digest.sha256(new byte[1]), "other diff_id");
  }

  private void assertDamaged(Compression compression, byte[] stored, Digest diffId, String what) {
    Layer layer = LayerFixture.layer(directory, compression, stored, diffId);
    assertThatThrownBy(() -> LayerFixture.image(layer).readTree(_ -> false, Progress.SILENT))
        .as(what)
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE));
  }

  @Test
  void skippableFramesOfZstdAreSkipped() {
    var stored = new ByteArrayOutputStream();
    byte[] tar = LOWER.bytes();
    stored.writeBytes(Zstd.compress(Arrays.copyOf(tar, 1000)));
    // Magic 0x184D2A50 and a length of 3, little-endian, as zstd:chunked puts its listing.
    stored.writeBytes(new byte[] {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3});
    stored.writeBytes(Zstd.compress(Arrays.copyOfRange(tar, 1000, tar.length)));
    stored.writeBytes(new byte[] {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3});
    Layer layer =
        LayerFixture.layer(directory, Compression.ZSTD, stored.toByteArray(), Digest.sha256(tar));
    FileTree tree = LayerFixture.image(layer).readTree(_ -> true, Progress.SILENT);
    assertThat(TreeText.show(tree)).contains("f 0644 usr/lib/b B");
  }

  @Test
  void limitsHoldForEntriesBytesAndMemory() {
    Image image = LayerFixture.image(LOWER.layer(directory, Compression.GZIP));
    assertThatThrownBy(() -> read(image, new LayerLimits(1000, 100, 100)))
        .hasMessageContaining("more than 1000 bytes");
    assertThatThrownBy(() -> read(image, new LayerLimits(100_000, 7, 100)))
        .hasMessageContaining("more than 7 entries");
    assertThatThrownBy(() -> read(image, new LayerLimits(100_000, 8, 4)))
        .hasMessageContaining("more than 4 bytes")
        .hasMessageContaining("usr/lib/b");
    assertThat(read(image, new LayerLimits(100_000, 8, 5)).entries()).hasSize(8);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void anUnpackedTreeIsTheSameFromFiles(Compression compression) throws IOException {
    Layer layer = LOWER.layer(directory, compression);
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    FileTree tree = LayerFixture.image(layer).unpackTree(_ -> false, unpacked, Progress.SILENT);
    Files.delete(layer.blob());
    assertThat(TreeText.show(tree)).isEqualTo(TreeText.show(LayerFixture.read(directory, LOWER)));
  }

  @Test
  void whereNothingCanBeUnpackedTheLayerIsNotToBlame() {
    Image image = LayerFixture.image(LOWER.layer(directory, Compression.ZSTD));
    assertThatThrownBy(
            () -> image.unpackTree(_ -> false, directory.resolve("missing"), Progress.SILENT))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FILESYSTEM));
  }

  private static FileTree read(Image image, LayerLimits limits) {
    return LayerStack.read(
        image, Excerpt.whole(_ -> true), Optional.empty(), limits, Progress.SILENT);
  }
}
