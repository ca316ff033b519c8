package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Judge;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Apps written to all places that images can be written to, and for several architectures.
class ImageOutputIT {
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final Judge SKOPEO = Judge.of("skopeo");
  private static final Judge OSTREE = Judge.of("ostree");

  private static final String SPEC =
      """
      flatpak:
        id: org.example.App
        branch: stable
        runtime: org.example.Platform
        runtime-version: '1'
        packages: [sample]
        command: sample
        appstream-compose: false
        separate-debuginfo: true
      """;

  @TempDir Path directory;

  private List<WrittenImage> write(String arch, boolean debug, ImageName output) {
    Ref runtime = new Ref(Ref.Kind.RUNTIME, "org.example.Platform", arch, "1");
    Map<TreePath, Entry> files = new TreeMap<>();
    for (String path : debug ? List.of("bin/sample", "lib/debug/x") : List.of("bin/sample")) {
      files.put(
          new TreePath(path), new Entry.RegularFile(Attributes.of(0755, 0), Content.of(arch)));
    }
    try (var work = WorkDirectory.in(directory.resolve("cache"))) {
      return new AppFinish(
              ContainerSpec.parse("container.yaml", SPEC.getBytes(StandardCharsets.UTF_8))
                  .flatpak(),
              runtime,
              Metadata.ofRuntime(runtime, runtime),
              0,
              _ -> {})
          .finish(FileTree.of(files))
          .write(output, LayoutChoice.PLAIN, List.of(), work, Progress.SILENT);
    }
  }

  private ImageName.Layout layout(String name) {
    return new ImageName.Layout(directory.resolve(name), "");
  }

  private Image open(ImageName name) {
    return name.open(directory.resolve("scratch"));
  }

  @Test
  void anArchiveHoldsTheAppAndItsExtensions() {
    List<WrittenImage> plain = write("x86_64", true, layout("layout"));
    Path file = directory.resolve("all.tar");
    List<WrittenImage> packed =
        write("x86_64", true, new ImageName.LayoutArchive(file, "example.org/app:1"));
    assertThat(packed.getLast().name()).hasToString("oci-archive:" + file + ":example.org/app:1");
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (int i = 0; i < plain.size(); i++) {
      var copy = layout("copy").withReference("image-" + i);
      SKOPEO.run("copy", "--quiet", packed.get(i).name().toString(), copy.toString());
      theirs.put(packed.get(i).ref().toString(), open(copy).digest().toString());
      ours.put(plain.get(i).ref().toString(), plain.get(i).digest().toString());
    }
    SKOPEO.compare("images of an archive", theirs, ours);
    ours.replaceAll((_, digest) -> digest.replace("sha256:", "sha256:0"));
    SKOPEO.distinguishes("wrong digests", "images of an archive", theirs, ours);
  }

  @Test
  void aDirectoryHoldsOneImage() {
    var target = new ImageName.Directory(directory.resolve("dir"));
    assertThatThrownBy(() -> write("x86_64", true, target))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    assertThat(target.directory()).doesNotExist();
    WrittenImage image = write("x86_64", false, target).getFirst();
    SKOPEO.run("copy", "--quiet", target.toString(), layout("copy") + ":x");
    assertThat(open(layout("copy")).digest()).isEqualTo(image.digest());
    SKOPEO.compared(1);
  }

  @Test
  void flatpakAndSkopeoFindEachArchitectureInAnIndex() throws Exception {
    write("aarch64", false, layout("arm"));
    write("x86_64", false, layout("intel"));
    ImageName.Layout output = layout("both").withReference("both");
    IndexAssembly.Written written =
        IndexAssembly.run(
            List.of(layout("intel"), layout("arm")), output, directory.resolve("cache"));
    assertThat(written.refs().toString())
        .isEqualTo("[app/org.example.App/aarch64/stable, app/org.example.App/x86_64/stable]");
    String repository = Files.createDirectory(directory.resolve("repo")).toString();
    OSTREE.run("--repo=" + repository, "init", "--mode=archive");
    for (Ref ref : written.refs()) {
      TestFlatpaks.importInto(Path.of(repository), ref, output);
      assertThat(
              OSTREE.run("--repo=" + repository, "cat", ref.toString(), "/files/bin/sample").text())
          .isEqualTo(ref.arch());
      SKOPEO.run(
          "--override-arch=" + ref.ociArchitecture(),
          "copy",
          "--quiet",
          output.toString(),
          layout("copy").withReference(ref.arch()).toString());
      assertThat(open(layout("copy").withReference(ref.arch())).digest())
          .isEqualTo(open(layout(ref.arch().equals("aarch64") ? "arm" : "intel")).digest());
    }
    FLATPAK.compared(2);
    SKOPEO.compared(2);

    assertThatThrownBy(
            () ->
                IndexAssembly.run(
                    List.of(layout("intel"), layout("intel")), output, directory.resolve("cache")))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("are for the same architecture");
  }
}
