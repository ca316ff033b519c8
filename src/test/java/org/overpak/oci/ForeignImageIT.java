package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.Progress;
import org.overpak.testing.BuildahStore;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.tree.FileTree;

/// Images of several layers that buildah makes, read by us and mounted by buildah.
class ForeignImageIT {
  private static final String BASE =
      """
      set -e
      mkdir -p usr/lib usr/share/gone usr/share/again etc
      echo one > usr/lib/one; ln usr/lib/one usr/lib/two; ln -s usr/lib lib
      echo secret > usr/share/gone/secret; echo old > usr/share/again/old
      echo x > 'etc/größe 文'; echo x > etc/$(printf 'long%.0s' $(seq 60)); chmod 4711 etc/größe*
      mkfifo etc/fifo; mknod etc/null c 1 3; chown 1000:100 etc/fifo
      """;
  private static final String CHANGES =
      """
      set -e
      rm usr/lib/one lib; mkdir lib; echo real > lib/file
      rm -r usr/share/gone usr/share/again; mkdir usr/share/again; echo new > usr/share/again/new
      rm etc/null; echo file > etc/null; chmod 700 etc
      """;

  @TempDir Path directory;

  @Test
  void layersWithWhiteoutsGiveWhatBuildahMounts() throws IOException {
    try (var buildah = new BuildahStore(directory, "vfs")) {
      Path layout = directory.resolve("layout");
      String base = buildah.run("from", "scratch").strip();
      change(buildah, base, BASE);
      buildah.run("commit", "-q", base, "base");
      String upper = buildah.run("from", "--pull-never", "localhost/base").strip();
      change(buildah, upper, CHANGES);
      buildah.run("config", "--label", "a=b", "--env", "X=y", "--cmd", "/bin/sh", upper);
      buildah.run("commit", "-q", upper, "oci:" + layout + ":two/layers:1");
      Map<String, String> theirs = Mtree.ofDirectory(Path.of(buildah.run("mount", upper).strip()));
      // No layer of buildah's speaks of the top directory.
      theirs.remove(".");

      Image image = ImageLayout.open(new ImageName.Layout(layout, "two/layers:1"));
      assertThat(image.layers()).hasSize(2);
      assertThat(image.config().labels()).containsEntry("a", "b");
      assertThat(image.config().execution().environment()).contains("X=y");
      compare(buildah.judge(), "image of buildah's", theirs, image);
      buildah
          .judge()
          .distinguishes(
              "a whiteout left out",
              "image of buildah's",
              theirs,
              Mtree.ofTree(
                  tree(
                      new Image(
                          image.name(),
                          image.digest(),
                          image.config(),
                          image.layers().subList(0, 1)))));

      Image docker = asDocker(image);
      assertThat(docker.layers().getFirst().descriptor().mediaType()).contains("docker");
      compare(Judge.of("skopeo"), "image of Docker's second schema", theirs, docker);
    }
  }

  private static FileTree tree(Image image) {
    return image.readTree(_ -> true, Progress.SILENT);
  }

  private static void compare(
      Judge judge, String subject, Map<String, String> theirs, Image image) {
    Map<String, String> ours = Mtree.ofTree(tree(image));
    assertThat(ours).hasSizeGreaterThan(10);
    judge.compare(subject, theirs, ours);
  }

  private void change(BuildahStore buildah, String container, String script) {
    Path root = Path.of(buildah.run("mount", container).strip());
    Command.of("sh", "-c", script).in(root).run();
    buildah.run("umount", container);
  }

  /// The same image with the manifest that skopeo gives Docker, in a layout put together by hand
  /// since skopeo puts only OCI's into one.
  private Image asDocker(Image image) throws IOException {
    Path copy = directory.resolve("docker");
    Judge.of("skopeo")
        .run("copy", "-q", "--format", "v2s2", image.name().toString(), "dir:" + copy);
    Path layout = directory.resolve("docker-layout");
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    try (var files = Files.list(copy)) {
      for (Path file : files.toList()) {
        Files.copy(file, blobs.resolve(Digest.sha256(Files.readAllBytes(file)).hex()));
      }
    }
    byte[] manifest = Files.readAllBytes(copy.resolve("manifest.json"));
    var descriptor =
        new Descriptor(
            "application/vnd.docker.distribution.manifest.v2+json",
            Digest.sha256(manifest),
            manifest.length);
    Files.write(
        layout.resolve("index.json"),
        IndexEntries.replace(IndexEntries.EMPTY, "docker", descriptor).toBytes());
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    return ImageLayout.open(new ImageName.Layout(layout, ""));
  }
}
