package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.Progress;
import org.overpak.flatpak.CommitTree;
import org.overpak.oci.ImageLayout;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.FlatpakSpec;
import org.overpak.spec.PackageSpec;
import org.overpak.testing.Command;
import org.overpak.testing.DnfRoot;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// The apps of the test distribution whose packages do what real ones do: `/app` is what dnf and
/// the spec's cleanup leave, and Flatpak installs, runs and shows them. They are built, and run, on
/// the runtime that Overpak built itself.
class AppSetIT {
  private static final Judge DNF = Judge.of("dnf");
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final Judge OSTREE = Judge.of("ostree");

  /// Apps with a window, by the title that it has.
  private static final Map<String, String> WINDOWS =
      Map.of(
          "dictionary", "Dictionary",
          "galculator", "galculator",
          "zim", "Add Notebook",
          "sopwith", "SDL Sopwith 2.1.1",
          "lbreakouthd", "LBreakoutHD");

  /// Apps for a terminal, by the arguments with which they say something.
  private static final Map<String, List<String>> PROGRAMS =
      Map.of("figlet", List.of("x"), "hello", List.of(), "odd", List.of(), "onig", List.of());

  /// There is neither sound nor a graphics card where tests run.
  private static final String NO_SOUND = "--env=SDL_AUDIODRIVER=dummy";

  private static final String SOFTWARE = "--env=SDL_RENDER_DRIVER=software";

  @TempDir private Path directory;

  private final WrittenImage runtime = NativeRuntime.make().built().image();
  private final TestFlatpaks flatpaks = TestFlatpaks.make();

  /// JUnit would warn of each link in a deployed runtime that it deletes.
  @AfterEach
  void removeInstallations() {
    for (String name : List.of("repo", "user")) {
      Command.of("rm", "-rf", directory.resolve(name).toString()).run();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accounts",
        "chowner",
        "dictionary",
        "galculator",
        "lbreakouthd",
        "leaky",
        "lua",
        "odd",
        "phases",
        "scripted",
        "sopwith",
        "zim"
      })
  void filesAreWhatDnfAndCleanupLeave(String name) throws IOException {
    ContainerSpec spec = withoutPostProcessing(name);
    BuiltApp built = flatpaks.build(spec, runtime.name());
    Map<String, String> ours =
        TreeListing.of(
            ImageLayout.open(built.image().layout())
                .readTree(_ -> true, Progress.SILENT)
                .subtree(CommitTree.FILES));
    Map<String, String> theirs = installedByDnf(spec.flatpak());
    DNF.compare("/app of " + name, theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.remove(wrong.lastKey());
    DNF.distinguishes("a file less", "/app of " + name, theirs, wrong);
  }

  /// What dnf and the spec's cleanup leave in `/app`, with the app's metainfo by the name that
  /// flatpak-builder gives it always.
  private Map<String, String> installedByDnf(FlatpakSpec spec) throws IOException {
    List<String> packages = spec.packagesFor("x86_64").stream().map(PackageSpec::name).toList();
    try (var root = DnfRoot.install(directory, List.of(), packages)) {
      if (!spec.cleanupCommands().isEmpty()) {
        Command.of("chroot", root.path().toString(), "sh", "-exc", spec.cleanupCommands()).run();
      }
      Map<String, String> files = TreeListing.ofApp(root);
      String metainfo = "/share/metainfo/" + spec.id();
      String file = files.remove(metainfo + ".appdata.xml");
      if (file != null) {
        files.put(metainfo + ".metainfo.xml", file);
      }
      return files;
    }
  }

  /// Post-processing renames and rewrites what dnf installs, and is compared elsewhere.
  private ContainerSpec withoutPostProcessing(String name) throws IOException {
    String text =
        Files.readString(Project.directory().resolve("testing/flatpaks/" + name + ".yaml"));
    String keys =
        "rename-[a-z-]+|copy-icon|appdata-license|appstream-compose|desktop-file-name-[a-z]+";
    return ContainerSpec.read(
        Files.writeString(
            directory.resolve("container.yaml"),
            text.replaceAll("(?m)^  (" + keys + "):.*\n(  - .*\n)*", "")
                .replaceFirst("(?m)^flatpak:\n", "flatpak:\n  appstream-compose: false\n")));
  }

  @Test
  void flatpakInstallsRunsAndShowsThem() throws IOException {
    Path repository = directory.resolve("repo");
    OSTREE.run("--repo=" + repository, "init", "--mode=archive");
    TestFlatpaks.importInto(repository, runtime);
    List<String> names = WINDOWS.keySet().stream().sorted().toList();
    for (String name : Stream.concat(names.stream(), PROGRAMS.keySet().stream()).toList()) {
      TestFlatpaks.importInto(
          repository, flatpaks.build(TestFlatpaks.spec(name), runtime.name()).image());
    }
    FLATPAK.run("build-update-repo", repository.toString());
    FlatpakInstallation installation = FlatpakInstallation.user(directory);
    installation.run("remote-add", "--no-gpg-verify", "test", "file://" + repository);
    Path pictures = Files.createDirectories(Project.directory().resolve("target/screenshots"));
    for (String name : names) {
      String id = TestFlatpaks.spec(name).flatpak().id();
      installation.run("install", "-y", "--noninteractive", "test", id);
      Path picture = pictures.resolve(name + ".png");
      Files.deleteIfExists(picture);
      show(
              installation,
              60,
              WINDOWS.getOrDefault(name, ""),
              picture,
              NO_SOUND,
              SOFTWARE,
              "--die-with-parent",
              id)
          .run();
      FLATPAK.compared(1);
      assertThat(picture).isNotEmptyFile();
    }
    PROGRAMS.forEach((name, arguments) -> says(installation, name, arguments));
    triggersHaveHadTheirEffect(installation);
    FLATPAK.rejects(
        "an app without a socket",
        show(
            installation,
            8,
            "galculator",
            directory.resolve("none.png"),
            "--nosocket=x11",
            "org.overpak.testing.galculator"));
  }

  private static void says(FlatpakInstallation installation, String name, List<String> arguments) {
    String id = TestFlatpaks.spec(name).flatpak().id();
    installation.run("install", "-y", "--noninteractive", "test", id);
    List<String> line = new ArrayList<>(List.of("run", id));
    line.addAll(arguments);
    Command.Result result = installation.run(line.toArray(String[]::new));
    assertThat(result.text() + result.errorText()).as(name).isNotBlank();
    FLATPAK.compared(1);
  }

  /// What the runtime's triggers made in `/app` is used by the programs that look for it.
  private static void triggersHaveHadTheirEffect(FlatpakInstallation installation) {
    String dictionary = "org.gnome.Dictionary";
    assertThat(
            installation
                .run("run", "--command=gsettings", dictionary, "list-keys", "org.gnome.dictionary")
                .text())
        .contains("source-name");
    installation.run(
        "run",
        "--command=gtk-update-icon-cache",
        dictionary,
        "--validate",
        "--ignore-theme-index",
        "/app/share/icons/hicolor");
    String type = "echo x > /tmp/x.zim; gio info --attributes=standard::content-type /tmp/x.zim";
    assertThat(installation.run("run", "--command=sh", "org.zim_wiki.Zim", "-c", type).text())
        .contains("application/x-zim-notebook");
    assertThat(installation.run("run", "--command=sh", dictionary, "-c", type).text())
        .doesNotContain("application/x-zim-notebook");
    FLATPAK.compared(4);
  }

  private static Command show(
      FlatpakInstallation installation, int seconds, String title, Path picture, String... run) {
    return installation
        .runOn(
            List.of(
                Project.directory().resolve("testing/show").toString(),
                Integer.toString(seconds),
                title,
                picture.toString()),
            run)
        .within(Duration.ofMinutes(2));
  }
}
