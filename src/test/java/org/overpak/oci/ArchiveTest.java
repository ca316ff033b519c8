package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Archives of images that are wrong or made to harm, made entry by entry. That right ones are read
/// as skopeo reads them is for {@link TransportIT}.
class ArchiveTest {
  private static final byte[] LAYER = new LayerFixture().file("app/hello", "hello").bytes();
  private static final String CONFIG =
      """
      {"architecture": "amd64", "os": "linux", "rootfs": {"diff_ids": ["%s"]}}"""
          .formatted(Digest.sha256(LAYER));
  private static final String CONFIG_FILE =
      Digest.sha256(CONFIG.getBytes(StandardCharsets.UTF_8)).hex() + ".json";

  @TempDir private Path directory;

  private static String manifest(String config, String layer) {
    return """
        [{"Config": "%s", "RepoTags": ["example.org/app:1"], "Layers": ["%s"]}]"""
        .formatted(config, layer);
  }

  /// What `docker save` writes.
  private static LayerFixture docker() {
    return new LayerFixture()
        .file("manifest.json", manifest(CONFIG_FILE, "a/layer.tar"))
        .file(CONFIG_FILE, CONFIG)
        .directory("a/")
        .file("a/layer.tar", LAYER);
  }

  private Path write(byte[] archive) {
    try {
      return Files.write(directory.resolve("archive.tar"), archive);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private FileTree openDocker(byte[] archive, String reference) {
    return new ImageName.DockerArchive(write(archive), reference)
        .open(directory.resolve("scratch"))
        .readTree(_ -> true, Progress.SILENT);
  }

  private AbstractThrowableAssert<?, ?> assertRefused(LayerFixture archive) {
    return assertThatThrownBy(() -> openDocker(archive.bytes(), ""))
        .isInstanceOfSatisfying(
            OverpakException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE);
              assertThat(e).hasMessageContaining("archive.tar");
              assertThat(e.advice()).isNotEmpty();
            });
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void aCompressedArchiveIsReadAsItIs(Compression compression) {
    byte[] stored =
        MemberCompressor.of(LayerCompression.of(compression)).compress(docker().bytes());
    assertThat(openDocker(stored, "").contains(new TreePath("app/hello"))).isTrue();
    if (compression != Compression.NONE) {
      assertThatThrownBy(() -> openDocker(Arrays.copyOf(stored, stored.length - 5), ""))
          .isInstanceOf(OverpakException.class);
    }
  }

  @Test
  void anImageIsFoundAsDockerNamesIt() {
    byte[] archive = docker().bytes();
    for (String reference : List.of("example.org/app:1", "@0")) {
      assertThat(openDocker(archive, reference).isEmpty()).isFalse();
    }
    for (String reference : List.of("example.org/app", "app:1", "@1")) {
      assertThatThrownBy(() -> openDocker(archive, reference))
          .hasMessageContaining("holds no such image, but example.org/app:1");
    }
  }

  @Test
  void aLayerMayBeALink() {
    var archive =
        new LayerFixture()
            .file("manifest.json", manifest(CONFIG_FILE, "b/layer.tar"))
            .file(CONFIG_FILE, CONFIG)
            .file("a/layer.tar", LAYER)
            .symlink("b/layer.tar", "../a/layer.tar");
    assertThat(openDocker(archive.bytes(), "").contains(new TreePath("app/hello"))).isTrue();
  }

  @Test
  void linksOutOfTheArchiveLeadNowhere() throws IOException {
    Files.write(directory.resolve("secret"), LAYER);
    for (String target : List.of("../../secret", "/proc/self/environ", "b/layer.tar")) {
      assertRefused(
              new LayerFixture()
                  .file("manifest.json", manifest(CONFIG_FILE, "b/layer.tar"))
                  .file(CONFIG_FILE, CONFIG)
                  .symlink("b/layer.tar", target))
          .hasMessageContaining("a layer is missing");
    }
  }

  @Test
  void namesOutOfTheArchiveAreRefused() throws IOException {
    assertRefused(docker().file("../escaped", "x")).hasMessageContaining("../escaped");
    assertRefused(
            new LayerFixture()
                .file("manifest.json", manifest("../../../etc/passwd", "a"))
                .file("a", LAYER))
        .hasMessageContaining("names a file wrongly");
    try (var files = Files.walk(directory)) {
      assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("escaped");
    }
  }

  @Test
  void devicesAndHardLinksAreRefused() {
    assertRefused(docker().entry('3', "null", "", "")).hasMessageContaining("neither a file");
    assertRefused(docker().hardLink("b", "a/layer.tar")).hasMessageContaining("neither a file");
  }

  @Test
  void twoEntriesOfOneNameAreRefused() {
    assertRefused(docker().file("./a/layer.tar", "other")).hasMessageContaining("two entries");
  }

  @Test
  void contentThatIsNotWhatItIsCalledIsRefused() {
    assertRefused(
            new LayerFixture()
                .file("manifest.json", manifest(CONFIG_FILE, "a"))
                .file(CONFIG_FILE, CONFIG + " ")
                .file("a", LAYER))
        .hasMessageContaining("is damaged");
    assertRefused(
            new LayerFixture()
                .file("manifest.json", manifest(CONFIG_FILE, "a"))
                .file(CONFIG_FILE, CONFIG)
                .file("a", new LayerFixture().file("app/evil", "evil").bytes()))
        .hasMessageContaining("is damaged");
  }

  @Test
  void whatIsNoArchiveOfAnImageIsRefused() {
    assertRefused(new LayerFixture().file("x", "y")).hasMessageContaining("list of images");
    assertRefused(new LayerFixture().file("manifest.json", "{}")).hasMessageContaining("array");
    assertRefused(new LayerFixture().file("manifest.json", "[]")).hasMessageContaining("no image");
    assertRefused(new LayerFixture().file("manifest.json", "[1]")).hasMessageContaining("object");
    assertThatThrownBy(() -> openDocker("no tar".repeat(200).getBytes(StandardCharsets.UTF_8), ""))
        .hasMessageContaining("not a tar header");
    assertThatThrownBy(
            () ->
                new ImageName.LayoutArchive(directory.resolve("nowhere"), "")
                    .open(directory.resolve("scratch")))
        .hasMessageContaining("there is no file");
  }

  @Test
  void everyTruncationIsAnError() {
    byte[] archive = docker().bytes();
    for (int length = archive.length - 1025; length >= 0; length -= 499) {
      int end = length;
      assertThatThrownBy(() -> openDocker(Arrays.copyOf(archive, end), ""))
          .as("%d bytes", length)
          .isInstanceOf(OverpakException.class);
    }
  }

  @Test
  void anArchiveThatUnpacksToTooMuchIsRefused() throws IOException {
    Path file = write(docker().bytes());
    var name = new ImageName.DockerArchive(file, "");
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    assertThatThrownBy(() -> ArchiveFiles.unpack(name, file, scratch, 2000))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("more than 2000 bytes");
  }

  @Test
  void aLayoutInAnArchiveIsVerifiedAsAnyLayout() throws IOException {
    var archive =
        new LayerFixture()
            .file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
            .file("index.json", "{\"schemaVersion\":2,\"manifests\":[]}")
            .file("blobs/sha256/../../escaped", "x");
    assertThatThrownBy(
            () ->
                new ImageName.LayoutArchive(write(archive.bytes()), "")
                    .open(directory.resolve("scratch")))
        .hasMessageContaining("escaped");
    var empty =
        new LayerFixture()
            .file("./oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
            .file("./index.json", "{\"schemaVersion\":2,\"manifests\":[]}")
            .file("passed-over", "x");
    Path file = write(empty.bytes());
    assertThatThrownBy(
            () -> new ImageName.LayoutArchive(file, "").open(directory.resolve("scratch")))
        .hasMessage(file + " holds no image");
  }
}
