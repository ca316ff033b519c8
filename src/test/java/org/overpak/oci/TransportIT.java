package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
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
    var writer =
        new LayerWriter(new LayerFormat(LayerCompression.of(Compression.GZIP), Instant.EPOCH));
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

  /// Written by us, read by skopeo, and the other way round.
  @Test
  void whatIsWrittenKeepsTheDigestInBothDirections() throws IOException {
    ImageName.Layout name = image();
    Map<String, String> ours = factsAndDigest(open(name));
    for (ImageName target :
        List.of(
            new ImageName.LayoutArchive(directory.resolve("ours.tar"), name.reference()),
            new ImageName.Directory(directory.resolve("ours-dir")))) {
      ImageLayout.export(name.directory(), target);
      var back = new ImageName.Layout(directory.resolve("back"), "back");
      copy(target, back);
      SKOPEO.compare("image written as " + target, factsAndDigest(open(back)), ours);
      SKOPEO.compare("image read from " + target, factsAndDigest(open(target)), ours);
    }
    var theirs = new ImageName.Directory(directory.resolve("theirs-dir"));
    copy(name, theirs);
    SKOPEO.compare("image of dir:", factsAndDigest(open(theirs)), ours);
    ImageLayout.export(name.directory(), theirs);
    SKOPEO.compare("image over another one", factsAndDigest(open(theirs)), ours);

    Path first = directory.resolve("ours.tar");
    Path second = directory.resolve("again.tar");
    ImageLayout.export(name.directory(), new ImageName.LayoutArchive(second, name.reference()));
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void anArchiveForDockerHasTheSameFilesAndLayers() {
    ImageName.Layout name = image();
    var archive =
        new ImageName.DockerArchive(directory.resolve("ours.tar"), "example.org/two/layers:1");
    ImageLayout.export(name.directory(), archive);
    var back = new ImageName.Layout(directory.resolve("back"), "back");
    copy(archive, back);
    SKOPEO.compare("image written as docker-archive", facts(open(back)), facts(open(name)));
    SKOPEO.compare("image read from it", facts(open(archive)), facts(open(name)));
  }

  @Test
  void whatWasChangedInADirectoryIsRefused() throws IOException {
    ImageName.Layout name = image();
    var target = new ImageName.Directory(directory.resolve("dir"));
    ImageLayout.export(name.directory(), target);
    Path layer =
        target.directory().resolve(open(name).layers().getFirst().descriptor().digest().hex());
    byte[] bytes = Files.readAllBytes(layer);
    bytes[bytes.length / 2] ^= 1;
    Files.write(layer, bytes);
    SKOPEO.rejects(
        "a flipped bit", "copy", "--quiet", target.toString(), "oci:" + directory.resolve("x"));
    assertThatThrownBy(() -> facts(open(target)))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("damaged");
    Files.delete(layer);
    assertThatThrownBy(() -> open(target))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("is incomplete");
    Files.writeString(Files.createDirectory(directory.resolve("full")).resolve("file"), "x");
    assertThatThrownBy(
            () ->
                ImageLayout.export(
                    name.directory(), new ImageName.Directory(directory.resolve("full"))))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("something else than an image");
  }

  @Test
  void anIndexIsOneImageForSeveralArchitectures() {
    ImageName.Layout output =
        new ImageName.Layout(directory.resolve("index"), "example.org/both:1");
    SequencedMap<String, Image> images = new LinkedHashMap<>();
    for (String architecture : List.of("amd64", "arm64", "s390x")) {
      images.put(architecture, open(small(architecture)));
    }
    Digest digest = ImageLayout.writeIndex(output, images);
    assertThat(Digest.sha256(SKOPEO.run("inspect", "--raw", output.toString()).output()))
        .isEqualTo(digest);
    var copied = new ImageName.Layout(directory.resolve("copied"), "all");
    SKOPEO.run("copy", "--quiet", "--all", output.toString(), copied.toString());
    Map<String, String> ours = new TreeMap<>();
    Map<String, String> theirs = new TreeMap<>();
    ours.put("index", digest.toString());
    theirs.put(
        "index",
        Digest.sha256(SKOPEO.run("inspect", "--raw", copied.toString()).output()).toString());
    for (var image : images.entrySet()) {
      var one = new ImageName.Layout(directory.resolve("one"), image.getKey());
      SKOPEO.run(
          "--override-arch=" + image.getKey(),
          "copy",
          "--quiet",
          output.toString(),
          one.toString());
      theirs.put(image.getKey(), open(one).digest().toString());
      ours.put(image.getKey(), image.getValue().digest().toString());
    }
    SKOPEO.compare("images of an index", theirs, ours);
    ours.put("s390x", digest.toString());
    SKOPEO.distinguishes("a wrong image", "images of an index", theirs, ours);

    Digest here = open(small(Platform.OF_THIS_MACHINE.architecture())).digest();
    assertThat(open(output).digest()).isEqualTo(here);
    assertThat(open(copied).digest()).isEqualTo(here);

    SequencedMap<String, Image> foreign = new LinkedHashMap<>(Map.of("x", open(small("s390x"))));
    ImageLayout.writeIndex(output.withReference("foreign"), foreign);
    assertThatThrownBy(() -> open(output.withReference("foreign")))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("linux/s390x");
  }

  private ImageName.Layout small(String architecture) {
    var name = new ImageName.Layout(directory.resolve("small"), architecture);
    FileTree tree =
        FileTree.of(
            Map.of(
                new TreePath("for"),
                new Entry.RegularFile(Attributes.of(0644, 5), Content.of(architecture))));
    var writer =
        new LayerWriter(new LayerFormat(LayerCompression.of(Compression.GZIP), Instant.EPOCH));
    ImageLayout.write(
        name,
        ImageConfig.of(architecture, Instant.EPOCH),
        List.of(writer.write(List.of(tree), directory, Progress.SILENT)));
    return name;
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
