package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.oci.Layer;
import org.overpak.oci.LayerCompression;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// What is built in another layout than usual is what converting would make of the usual one: the
/// same image, to the last byte.
class LayoutOutputIT {
  private static final Judge OSTREE = Judge.of("ostree");

  private static final LayoutChoice SEPARATE =
      new LayoutChoice(
          LayoutChoice.Layout.OSTREE,
          new OstreeOptions(true, List.of(), Instant.EPOCH),
          LayerCompression.DEFAULT);

  private static final String USER = "overpak-layouts";
  private static final String REPOSITORY = "sysroot/ostree/repo";
  private static final String COLUMNS = "ref,installed-size,download-size";

  @TempDir private Path directory;

  /// JUnit would warn of each link that it deletes.
  @AfterEach
  void removeRoots() {
    Command.of("find", directory.toString(), "-mindepth", "1", "-delete").run();
  }

  @Test
  void importedRuntimes() throws IOException {
    Path root = new LoopedApp(directory).root();
    assertBuiltAsConverted(
        LayoutChoice.HYBRID,
        List.of(LayoutChoice.PLAIN, LayoutChoice.OSTREE, SEPARATE),
        (layout, output) -> List.of(importTiny(root, layout, output)));
  }

  private WrittenImage importTiny(Path root, LayoutChoice layout, ImageName output) {
    return RuntimeImport.run(
            new RuntimeImport.Request(
                root,
                spec("runtime.yaml", LoopedApp.RUNTIME),
                output,
                layout,
                cache(),
                OptionalLong.empty()),
            Progress.SILENT)
        .image();
  }

  @Test
  void builtRuntimes() throws IOException {
    Path repository = directory.resolve("runtime-packages");
    LoopedApp.publish(repository, new LoopedApp(directory).runtimePackage());
    assertBuiltAsConverted(
        LayoutChoice.HYBRID,
        List.of(LayoutChoice.PLAIN, LayoutChoice.OSTREE, SEPARATE),
        (layout, output) ->
            List.of(
                RuntimeBuild.run(
                        new RuntimeBuild.Request(
                            spec("runtime.yaml", LoopedApp.RUNTIME),
                            directory,
                            "",
                            new RepositoryChoice(
                                List.of(
                                    new RepositoryOption.Named("tiny=" + repository, List.of())),
                                Set.of("tiny")),
                            TransactionRun.Failures.STRICT,
                            false,
                            output,
                            layout,
                            cache(),
                            OptionalLong.empty()),
                        Progress.SILENT)
                    .image()));
  }

  /// One with scripts in its transaction, and an extension that is split off.
  @Test
  void apps() throws IOException {
    var flatpaks = TestFlatpaks.make();
    ContainerSpec spec =
        spec(
            "hello.yaml",
            Files.readString(Project.directory().resolve("testing/flatpaks/hello.yaml"))
                + "  separate-locales: true\n");
    assertBuiltAsConverted(
        LayoutChoice.PLAIN,
        List.of(LayoutChoice.HYBRID, LayoutChoice.OSTREE),
        (layout, output) -> flatpaks.build(spec, layout, output).images());
  }

  private Path cache() {
    return directory.resolve("cache");
  }

  private static ContainerSpec spec(String name, String text) {
    return ContainerSpec.parse(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /// @param build makes images in a layout
  private void assertBuiltAsConverted(
      LayoutChoice usual,
      List<LayoutChoice> others,
      BiFunction<LayoutChoice, ImageName, List<WrittenImage>> build)
      throws IOException {
    List<WrittenImage> images = build.apply(usual, layout("usual"));
    for (LayoutChoice layout : others) {
      List<WrittenImage> built = build.apply(layout, layout("built"));
      assertThat(built).hasSameSizeAs(images);
      for (int number = 0; number < images.size(); number++) {
        WrittenImage image = images.get(number);
        WrittenImage converted =
            LayoutConversion.run(
                image.name(), layout, layout("converted"), cache(), Progress.SILENT);
        assertThat(built.get(number).digest()).as("%s", layout).isEqualTo(converted.digest());
        assertThat(converted.digest()).as("not converted: %s", layout).isNotEqualTo(image.digest());
        if (layout.layout() == LayoutChoice.Layout.OSTREE) {
          assertHolds(built.get(number), image);
        }
      }
    }
  }

  private ImageName layout(String name) {
    return new ImageName.Layout(directory.resolve(name), "");
  }

  /// An app and its runtime, each from the image of it, extracted by who installs it.
  @Test
  void anOrdinaryUserInstallsAndRunsWhatImagesHold() throws IOException {
    var looped = new LoopedApp(directory);
    looped.publish(1);
    WrittenImage runtime = importTiny(looped.root(), LayoutChoice.OSTREE, layout("runtime"));
    WrittenImage app = buildLooped(looped, runtime.name(), LayoutChoice.OSTREE);
    Command.of("useradd", "--system", "--no-create-home", "--shell=/usr/sbin/nologin", USER).run();
    try {
      Path home = Files.createDirectory(directory.resolve("home"));
      Command.of("chmod", "-R", "go+rX", directory.toString()).run();
      Command.of("chown", USER, home.toString()).run();
      FlatpakInstallation flatpak = FlatpakInstallation.of(USER, home);
      String[] install = {"install", "-y", "--noninteractive", "app", app.ref().toString()};
      for (var image : Map.of("runtime", runtime, "app", app).entrySet()) {
        Path root = home.resolve(image.getKey());
        extract(image.getValue(), root, "runuser", "-u", USER, "--");
        String url = root.resolve(REPOSITORY).toUri().toString();
        flatpak.run("remote-add", "--no-gpg-verify", image.getKey(), url);
        assertThat(
                flatpak.run("remote-ls", "--all", "--columns=" + COLUMNS, image.getKey()).lines())
            .singleElement()
            .asString()
            .matches(image.getValue().ref() + "(\\s+[0-9.]+.(bytes|kB|MB)){2}");
      }
      flatpak.run("remote-delete", "--force", "runtime");
      flatpak.rejects("an app whose runtime no remote has", install);
      flatpak.run(
          "remote-add",
          "--no-gpg-verify",
          "runtime",
          home.resolve("runtime").resolve(REPOSITORY).toUri().toString());
      flatpak.run(install);
      assertThat(flatpak.runTo(7, "run", app.ref().id(), "one", "two").text())
          .isEqualTo("version 1: one two\n");
      assertThat(flatpak.run("list", "--columns=ref").lines())
          .containsExactlyInAnyOrder(app.ref().pref(), runtime.ref().pref());
      Judge.of("flatpak").compared(4);
    } finally {
      Command.of("rm", "-rf", directory.resolve("home").toString()).run();
      Command.of("userdel", USER).run();
    }
  }

  private WrittenImage buildLooped(LoopedApp looped, ImageName runtime, LayoutChoice layout) {
    return AppBuild.run(
            new AppBuild.Request(
                spec("app.yaml", LoopedApp.APP),
                directory,
                runtime,
                null,
                Engine.NATIVE,
                new RepositoryChoice(
                    List.of(new RepositoryOption.Named("mine=" + looped.repository(), List.of())),
                    Set.of("mine")),
                List.of(),
                TransactionRun.Failures.STRICT,
                false,
                true,
                layout("app"),
                layout,
                cache(),
                OptionalLong.empty()),
            Progress.SILENT)
        .image();
  }

  /// IMAGE's layers, as tar extracts them.
  ///
  /// @param line what tar is run by
  private static void extract(WrittenImage image, Path root, String... line) {
    Command command = Command.of("env", line);
    command.and("mkdir", root.toString()).run();
    for (Layer layer : image.name().open(root.resolve("unused")).layers()) {
      command.and("tar", "-xpf", layer.blob().toString(), "-C", root.toString()).run();
    }
  }

  /// Asserts that ostree finds the commit of USUAL in SYSTEM.
  private void assertHolds(WrittenImage system, WrittenImage usual) {
    Path root = directory.resolve("system");
    extract(system, root);
    String repository = "--repo=" + root.resolve(REPOSITORY);
    CommitExport.Written commit =
        CommitExport.toRepository(
            new FlatpakName.OfImage(usual.name()),
            directory.resolve("repo"),
            OstreeOptions.DEFAULT,
            cache(),
            Progress.SILENT);
    assertThat(OSTREE.run(repository, "rev-parse", usual.ref().toString()).text().strip())
        .isEqualTo(commit.commit().hex());
    OSTREE.run(repository, "fsck", "--quiet");
    OSTREE.compared(1);
    OSTREE.rejects("a ref that it does not have", repository, "rev-parse", "app/org.x.Y/z/1");
    Command.of("rm", "-rf", root.toString()).run();
  }
}
