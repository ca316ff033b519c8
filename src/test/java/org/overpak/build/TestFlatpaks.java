package org.overpak.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.overpak.Progress;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.install.TransactionRun;
import org.overpak.oci.Image;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The runtime and the apps of `testing/flatpaks`, built once for all tests of a run.
final class TestFlatpaks {
  /// Takes the RPM database of a runtime away, in all places in which its image has it.
  static final UnaryOperator<FileTree> WITHOUT_DATABASE =
      tree ->
          tree.without(new TreePath("files/lib/sysimage")).without(new TreePath("files/share/rpm"));

  private static @Nullable TestFlatpaks made;

  private final Path directory;
  private final ImportedRuntime runtime;
  private @Nullable WrittenImage ostreeRuntime;
  private ImageName.@Nullable Layout scannedRuntime;

  private TestFlatpaks(Path directory) {
    this.directory = directory;
    this.runtime = importRuntime("runtime", LayoutChoice.HYBRID);
  }

  private ImportedRuntime importRuntime(String name, LayoutChoice layout) {
    return RuntimeImport.run(
        new RuntimeImport.Request(
            Project.distro().resolve("root"),
            spec("runtime"),
            new ImageName.Layout(directory.resolve(name), ""),
            layout,
            directory.resolve("cache"),
            OptionalLong.empty()),
        Progress.SILENT);
  }

  static synchronized TestFlatpaks make() {
    TestFlatpaks result = made;
    if (result == null) {
      result = new TestFlatpaks(newDirectory());
      made = result;
    }
    return result;
  }

  /// A place that stays for the whole run.
  static Path newDirectory() {
    try {
      Path target = Files.createDirectories(Project.directory().resolve("target/flatpaks"));
      return Files.createTempDirectory(target, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ContainerSpec spec(String name) {
    return ContainerSpec.read(Project.directory().resolve("testing/flatpaks/" + name + ".yaml"));
  }

  ImportedRuntime runtime() {
    return runtime;
  }

  /// The same runtime, imported into the ostree layout.
  synchronized WrittenImage ostreeRuntime() {
    WrittenImage result = ostreeRuntime;
    if (result == null) {
      result = importRuntime("ostree-runtime", LayoutChoice.OSTREE).image();
      ostreeRuntime = result;
    }
    return result;
  }

  /// The same runtime without its RPM database, in the plain layout.
  synchronized ImageName.Layout scannedRuntime() {
    ImageName.Layout result = scannedRuntime;
    if (result == null) {
      result = new ImageName.Layout(directory.resolve("scanned-runtime"), "scanned");
      derive(runtime.image().layout(), runtime.image().ref(), WITHOUT_DATABASE, result);
      scannedRuntime = result;
    }
    return result;
  }

  /// Writes the runtime REF, which is the one in FROM but for CHANGE, as TO, in the plain layout.
  void derive(ImageName.Layout from, Ref ref, UnaryOperator<FileTree> change, ImageName.Layout to) {
    try (var work = WorkDirectory.in(cache())) {
      Image image = ImageLayout.open(from);
      // Its layer is in the order of packages, what is written in that of paths.
      FileTree tree =
          HybridLayout.removeFrom(image.unpackTree(_ -> false, work.path(), Progress.SILENT));
      new CommitImage(
              ref,
              ImageLabels.metadata(image.config().labels()),
              change.apply(tree),
              0,
              ImageConfig.Execution.NONE)
          .writeInto(to, LayerCompression.DEFAULT, List.of(), work, Progress.SILENT);
    }
  }

  /// What builds share.
  Path cache() {
    return directory.resolve("cache");
  }

  /// A fresh build of the app NAME.
  BuiltApp build(String name) {
    return build(spec(name), runtime.image().name());
  }

  BuiltApp build(ContainerSpec spec) {
    return build(spec, runtime.image().name());
  }

  /// The same on ANOTHER image of the runtime.
  BuiltApp build(ContainerSpec spec, ImageName another) {
    return build(spec, another, Engine.NATIVE);
  }

  /// A fresh build by ENGINE.
  BuiltApp build(ContainerSpec spec, ImageName another, Engine engine) {
    return build(spec, another, engine, TransactionRun.Failures.STRICT);
  }

  /// The same, with FAILURES of scripts.
  BuiltApp build(
      ContainerSpec spec, ImageName another, Engine engine, TransactionRun.Failures failures) {
    // A layout for each way, since tests build an app in several at the same time.
    String layout = "apps-%s-%08x".formatted(engine, another.toString().hashCode());
    return build(
        spec,
        another,
        engine,
        failures,
        LayoutChoice.PLAIN,
        new ImageName.Layout(directory.resolve(layout), ""));
  }

  /// A fresh build in LAYOUT.
  BuiltApp build(ContainerSpec spec, LayoutChoice layout, ImageName output) {
    return build(
        spec,
        runtime.image().name(),
        Engine.NATIVE,
        TransactionRun.Failures.STRICT,
        layout,
        output);
  }

  private BuiltApp build(
      ContainerSpec spec,
      ImageName another,
      Engine engine,
      TransactionRun.Failures failures,
      LayoutChoice layout,
      ImageName output) {
    return AppBuild.run(
        new AppBuild.Request(
            spec,
            Project.directory().resolve("testing/flatpaks"),
            another,
            null,
            engine,
            new RepositoryChoice(
                List.of(new RepositoryOption.ConfigFile(Project.distro().resolve("all.repo"))),
                Set.of()),
            List.of(),
            failures,
            engine == Engine.NATIVE,
            true,
            output,
            layout,
            directory.resolve("cache"),
            OptionalLong.empty()),
        Progress.SILENT);
  }

  /// Puts IMAGE into REPOSITORY, as Flatpak does.
  static void importInto(Path repository, WrittenImage image) {
    importInto(repository, image.ref(), image.layout());
  }

  /// The same of the image of REF in LAYOUT.
  static void importInto(Path repository, Ref ref, ImageName.Layout layout) {
    Judge.of("flatpak")
        .run(
            Command.of(
                    "flatpak",
                    "build-import-bundle",
                    "--oci",
                    "--ref=" + ref,
                    repository.toString(),
                    layout.directory().toString())
                .within(Duration.ofMinutes(5)));
  }
}
