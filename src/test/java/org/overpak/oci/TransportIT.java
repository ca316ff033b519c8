package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.testing.BuildahStore;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Images that skopeo carries from one transport to another stay what they are.
class TransportIT {
  private static final Judge SKOPEO = Judge.of("skopeo");

  @TempDir private Path directory;

  private ImageName.Layout image() {
    var name = new ImageName.Layout(directory.resolve("layout"), "example.org/two/layers:1");
    FileTree lower =
        FileTree.of(
            Map.of(
                new TreePath("app/old"),
                new Entry.RegularFile(Attributes.of(0644, 5), Content.of("old")),
                new TreePath("größe"),
                new Entry.Symlink(Attributes.of(0777, 5), "app/old")));
    FileTree upper =
        FileTree.of(
            Map.of(
                new TreePath("app/new"),
                new Entry.RegularFile(Attributes.of(0755, 7), Content.of("new".repeat(9000)))));
    var writer = new LayerWriter(LayerFormat.of(Compression.GZIP, Instant.EPOCH));
    ImageLayout.write(
        name,
        ImageConfig.of("amd64", Instant.EPOCH).withLabels(new TreeMap<>(Map.of("a", "b"))),
        List.of(
            writer.write(List.of(lower), directory, Progress.SILENT),
            writer.write(List.of(upper), directory, Progress.SILENT)));
    return name;
  }

  private static Map<String, String> facts(Image image) {
    Map<String, String> result = Mtree.ofTree(image.readTree(_ -> true, Progress.SILENT));
    result.put("labels", image.config().labels().toString());
    result.put("diff_ids", image.layers().stream().map(Layer::diffId).toList().toString());
    return result;
  }

  private static Map<String, String> factsAndDigest(Image image) {
    Map<String, String> result = facts(image);
    result.put("digest", image.digest().toString());
    return result;
  }

  private Image open(ImageName name) {
    return name.open(directory.resolve("scratch"));
  }

  private static void copy(Object from, Object to) {
    SKOPEO.run("copy", "--quiet", from.toString(), to.toString());
  }

  @Test
  void anArchiveOfALayoutKeepsTheDigestInBothDirections() throws IOException {
    ImageName.Layout name = image();
    var archive = new ImageName.LayoutArchive(directory.resolve("image.tar"), name.reference());
    copy(name, archive);
    Map<String, String> ours = factsAndDigest(open(name));
    SKOPEO.compare("image in an oci-archive", factsAndDigest(open(archive)), ours);

    var back = new ImageName.Layout(directory.resolve("back"), "back");
    copy(archive, back);
    Map<String, String> theirs = factsAndDigest(open(back));
    SKOPEO.compare("image out of an oci-archive", theirs, ours);
    ours.computeIfPresent("./app/new", (_, line) -> line.replace("mode=755", "mode=644"));
    SKOPEO.distinguishes("a wrong mode", "image out of an oci-archive", theirs, ours);

    Command.of("gzip", archive.file().toString()).run();
    var compressed = new ImageName.LayoutArchive(directory.resolve("image.tar.gz"), "");
    assertThat(open(compressed).digest()).isEqualTo(open(name).digest());
    assertThat(open(compressed).name().toString()).isEqualTo(compressed + ":" + name.reference());
  }

  @Test
  void anArchiveOfDockersHasTheSameFilesAndLayers() {
    ImageName.Layout name = image();
    var archive =
        new ImageName.DockerArchive(directory.resolve("docker.tar"), "example.org/two/layers:1");
    copy(name, archive);
    SKOPEO.compare("image in a docker-archive", facts(open(archive)), facts(open(name)));

    // What skopeo makes of it is what we make of it, but for the compression.
    var back = new ImageName.Layout(directory.resolve("back"), "back");
    copy(archive, back);
    SKOPEO.compare("image out of a docker-archive", facts(open(back)), facts(open(archive)));
  }

  @Test
  void anImageInTheStorageOfContainersIsCopiedOut() {
    ImageName.Layout name = image();
    try (var buildah = new BuildahStore(directory, "vfs")) {
      String container = buildah.run("from", "oci:" + name.directory() + ":" + name.reference());
      buildah.run("commit", "--quiet", container.strip(), "stored");
      String store = "[vfs@%s+%s]".formatted(directory.resolve("store"), directory.resolve("run"));
      Image image = open(new ImageName.Storage(store + "localhost/stored:latest"));
      Map<String, String> theirs = facts(image);
      theirs.remove("labels");
      theirs.remove("diff_ids");
      Map<String, String> ours = facts(open(name));
      ours.remove("labels");
      ours.remove("diff_ids");
      buildah.judge().compare("image in containers-storage", theirs, ours);
      assertThat(image.layers().subList(0, 2).stream().map(Layer::diffId))
          .isEqualTo(open(name).layers().stream().map(Layer::diffId).toList());

      assertThatThrownBy(() -> open(new ImageName.Storage(store + "localhost/nowhere")))
          .isInstanceOfSatisfying(
              OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE))
          .hasMessageContaining("localhost/nowhere")
          .hasMessageContaining("skopeo");
    }
  }
}
