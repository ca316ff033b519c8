package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageLayout;
import org.overpak.testing.BuildahStore;
import org.overpak.testing.Command;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;

/// An SDK that is built from its spec, beside its runtime: Flatpak builds with both, and its own
/// tools write the metadata that they have.
class SdkBuildIT {
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final Judge OSTREE = Judge.of("ostree");

  private static final String ENVIRONMENT =
      "--env=XDG_DATA_DIRS=/app/share:/usr/share:/usr/share/runtime/share";

  @TempDir private static Path directory;

  private static WrittenImage runtime;
  private static BuiltRuntime sdk;
  private static FlatpakInstallation installation;

  @BeforeAll
  static void install() throws IOException {
    runtime = NativeRuntime.make().built().image();
    sdk = NativeRuntime.make().sdk();
    Path repository = directory.resolve("repo");
    OSTREE.run("--repo=" + repository, "init", "--mode=archive");
    TestFlatpaks.importInto(repository, runtime);
    TestFlatpaks.importInto(repository, sdk.image());
    FLATPAK.run("build-update-repo", repository.toString());
    installation = FlatpakInstallation.user(directory);
    installation.run("remote-add", "--no-gpg-verify", "test", "file://" + repository);
    for (Ref ref : List.of(runtime.ref(), sdk.image().ref())) {
      installation.run("install", "-y", "--noninteractive", "test", ref.pref());
    }
  }

  /// JUnit would warn of each link that it deletes.
  @AfterAll
  static void remove() {
    Command.of("find", directory.toString(), "-mindepth", "1", "-delete").run();
  }

  /// A tool for builds, which knows no `--user`.
  private static Command tool(String... arguments) {
    return FLATPAK
        .command(arguments)
        .with("FLATPAK_USER_DIR", directory.resolve("user").toString())
        .with("HOME", directory.toString());
  }

  @Test
  void metadataIsWhatFlatpakWrites() throws IOException {
    Map<String, String> ours = new TreeMap<>();
    for (WrittenImage image : List.of(runtime, sdk.image())) {
      var labels = ImageLayout.open(image.layout()).config().labels();
      ours.put(image.ref().id(), ImageLabels.metadata(labels).text());
    }
    String gl = "--extension=org.overpak.testing.Platform.GL=";
    String locale = "--extension=org.overpak.testing.Platform.Locale=";
    String debug = "--extension=org.overpak.testing.Sdk.Debug=";
    Map<String, String> theirs = new TreeMap<>();
    theirs.put(
        runtime.ref().id(),
        byFlatpak(
            runtime.ref(),
            gl + "directory=lib/x86_64-linux-gnu/GL",
            gl + "no-autodownload=true",
            gl + "subdirectories=true",
            gl + "add-ld-path=lib",
            gl + "download-if=active-gl-driver",
            gl + "enable-if=active-gl-driver",
            gl + "merge-dirs=vulkan/icd.d;glvnd/egl_vendor.d",
            gl + "versions=1.4;1.5",
            locale + "directory=share/runtime/locale",
            locale + "autodelete=true",
            locale + "locale-subset=true"));
    theirs.put(
        sdk.image().ref().id(),
        byFlatpak(
            sdk.image().ref(),
            debug + "directory=lib/debug",
            debug + "autodelete=true",
            debug + "no-autodownload=true"));
    FLATPAK.compare("metadata of a runtime and an SDK", theirs, ours);
    ours.computeIfPresent(runtime.ref().id(), (_, text) -> text.replace("lib\n", "lib64\n"));
    FLATPAK.distinguishes(
        "another path of libraries", "metadata of a runtime and an SDK", theirs, ours);
  }

  /// What `flatpak build-init` and `build-finish` write of REF.
  private static String byFlatpak(Ref ref, String... extensions) throws IOException {
    Path build = directory.resolve(ref.id());
    String platform = runtime.ref().id();
    FLATPAK.run(
        tool(
            "build-init",
            "--type=runtime",
            build.toString(),
            ref.id(),
            sdk.image().ref().id(),
            platform,
            ref.branch()));
    List<String> words = new ArrayList<>(List.of("build-finish", build.toString(), ENVIRONMENT));
    words.addAll(List.of(extensions));
    FLATPAK.run(words);
    return Files.readString(build.resolve("metadata"));
  }

  @Test
  void placesForExtensionsAreThere() {
    for (WrittenImage image : List.of(runtime, sdk.image())) {
      String files = installation.run("info", "--show-location", image.ref().pref()).text().strip();
      ImageLabels.metadata(ImageLayout.open(image.layout()).config().labels())
          .extensionPoints()
          .forEach(
              point -> assertThat(Path.of(files, "files", point.directory())).isEmptyDirectory());
    }
  }

  @Test
  void flatpakBuildsWithIt() {
    Path build = directory.resolve("app");
    String app = "org.overpak.testing.new";
    String platform = runtime.ref().id();
    FLATPAK.run(
        tool("build-init", build.toString(), app, sdk.image().ref().id(), platform, "stable"));
    String script = "mkdir /app/bin; printf '#!/bin/sh\\necho made' > /app/bin/made; tree /app";
    assertThat(FLATPAK.run(tool("build", build.toString(), "sh", "-ec", script)).text())
        .contains("`-- made");
    FLATPAK.compared(1);
    FLATPAK.rejects(
        "a program that is in neither", tool("build", build.toString(), "no-such-program"));
  }

  @Test
  void itIsAUsableSystemWithWhatItsSpecAsksFor() throws IOException {
    CheckedRuntime checked =
        RuntimeCheck.run(sdk.image().name(), directory.resolve("cache"), Progress.SILENT);
    assertThat(checked.isUsable()).as(checked.findings().toString()).isTrue();
    BuildahStore buildah = new BuildahStore(directory, "overlay");
    var layout = sdk.image().layout();
    String container =
        buildah.run("from", "oci:" + layout.directory() + ":" + layout.reference()).strip();
    try {
      Map<String, String> plan = new TreeMap<>();
      sdk.selection().added().forEach(added -> plan.put(added.nevra().toString(), "installed"));
      assertThat(plan.keySet()).anyMatch(nevra -> nevra.startsWith("zypper-"));
      Map<String, String> inside = new TreeMap<>();
      buildah
          .run("run", container, "--", "rpm", "-qa", "--qf", "%{NEVRA}\\n")
          .lines()
          .forEach(nevra -> inside.put(nevra, "installed"));
      buildah.judge().compare("packages of the SDK's image", inside, plan);
      // All documentation, unlike the runtime's.
      buildah.run("run", container, "--", "rpm", "-V", "--nomtime", "tree", "less");
    } finally {
      buildah.run("rm", container);
    }
  }
}
