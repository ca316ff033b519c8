package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeDirectory;
import org.overpak.tree.TreePath;

/// The extensions that are split off an app, against those of flatpak-builder, and as Flatpak
/// installs them.
class SplitRefsIT {
  private static final Judge BUILDER = Judge.of("flatpak-builder");
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final Judge OSTREE = Judge.of("ostree");

  private static final String APP = "org.example.App-x";
  private static final String PREFIX = "org.example.App_x";

  private static final String COMMON =
      """
      id: org.example.App-x
      branch: stable
      runtime: org.example.Platform
      runtime-version: '1'
      sdk: org.example.Platform
      command: sample
      appstream-compose: false
      add-extensions:
        org.example.App_x.Plugin:
          directory: lib/plugins
          bundle: true
        org.example.App_x.Other:
          directory: lib/other
          version: '7'
          bundle: true
      """;

  /// What flatpak-builder notes of the build, and Flatpak of a deployment.
  private static final List<String> ADDED = List.of("files/manifest.json", "files/.ref");

  @TempDir Path directory;
  private FlatpakInstallation installation;

  @BeforeEach
  void installRuntime() throws IOException {
    installation = ExamplePlatform.installed(directory);
  }

  /// JUnit would warn of each link in a deployment that it deletes.
  @AfterEach
  void removeInstallation() {
    Command.of("rm", "-rf", directory.resolve("user").toString()).run();
  }

  private static FileTree app() {
    Map<TreePath, Entry> files = new HashMap<>();
    for (String path :
        List.of(
            "bin/sample",
            "share/locale/locale.alias",
            "share/locale/de/LC_MESSAGES/sample.mo",
            "share/locale/de_AT/LC_MESSAGES/sample.mo",
            "share/locale/en_GB/LC_MESSAGES/sample.mo",
            "share/locale/sr@latin/LC_MESSAGES/sample.mo",
            "share/locale/C/sample",
            "lib/locale/de_DE.utf8/LC_TIME",
            "lib/locale/C.utf8/LC_TIME",
            "lib/debug/bin/sample.debug",
            "lib/debug/source/sample.c",
            "lib/plugins/one/plugin.so",
            "lib/other/data")) {
      files.put(
          new TreePath(path),
          new Entry.RegularFile(
              Attributes.of(path.startsWith("bin/") ? 0755 : 0644, 0), Content.of(path)));
    }
    files.put(new TreePath("share/locale/de_CH"), new Entry.Symlink(Attributes.of(0777, 0), "de"));
    return FileTree.of(files);
  }

  private static FinishedApp finished() {
    String spec =
        "flatpak:\n"
            + (COMMON + "separate-locales: true\nseparate-debuginfo: true\npackages: [sample]\n")
                .indent(2);
    return new AppFinish(
            ContainerSpec.parse("container.yaml", spec.getBytes(StandardCharsets.UTF_8)).flatpak(),
            ExamplePlatform.REF,
            Metadata.ofRuntime(ExamplePlatform.REF, ExamplePlatform.REF),
            0,
            _ -> {})
        .finish(app());
  }

  private List<WrittenImage> write(ImageName.Layout output) {
    try (var work = WorkDirectory.in(directory.resolve("cache"))) {
      return finished().write(output, LayoutChoice.PLAIN, List.of(), work, Progress.SILENT);
    }
  }

  @Test
  void extensionsAreWhatFlatpakBuilderSplitsOff() throws IOException {
    installBase();
    Files.writeString(
        directory.resolve("manifest.yaml"),
        COMMON
            + """
            base: org.example.Base
            base-version: stable
            modules:
            - {name: nothing, buildsystem: simple, build-commands: []}
            """);
    installation.build(
        directory,
        "--disable-rofiles-fuse",
        "--disable-cache",
        "--repo=theirs",
        "app",
        "manifest.yaml");

    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (String ref : OSTREE.run("--repo=" + directory.resolve("theirs"), "refs").lines()) {
      Path checkout = directory.resolve("checkout/" + ref);
      Files.createDirectories(checkout.resolveSibling(""));
      OSTREE.run(
          "--repo=" + directory.resolve("theirs"), "checkout", "-U", ref, checkout.toString());
      // The base is the test's way to bring files in.
      Path metadata = checkout.resolve("metadata");
      Files.writeString(metadata, Files.readString(metadata).replaceFirst("(?m)^base=.*\n", ""));
      FileTree tree = FileTree.ofDirectory(checkout);
      list(theirs, ref, tree.filter((path, _) -> !ADDED.contains(path.value())));
    }
    FinishedApp app = finished();
    list(ours, app.app().ref().toString(), app.app().tree());
    app.extensions().forEach(one -> list(ours, one.ref().toString(), one.tree()));
    assertThat(app.extensions().stream().map(one -> one.ref().toString()))
        .containsExactly(
            "runtime/org.example.App_x.Locale/x86_64/stable",
            "runtime/org.example.App_x.Debug/x86_64/stable",
            "runtime/org.example.App_x.Other/x86_64/7",
            "runtime/org.example.App_x.Plugin/x86_64/stable");
    BUILDER.compare("split refs", theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.replaceAll((_, line) -> line.replace("locale-subset", "subset"));
    BUILDER.distinguishes("another key of the extension point", "split refs", theirs, wrong);
  }

  /// flatpak-builder builds nothing here: the files come from another app.
  private void installBase() throws IOException {
    Path build = Files.createDirectories(directory.resolve("base-app"));
    TreeDirectory.write(app(), build.resolve("files"));
    Ref base = new Ref(Ref.Kind.APP, "org.example.Base", ExamplePlatform.REF.arch(), "stable");
    Files.writeString(
        build.resolve("metadata"),
        Metadata.ofApp(base, ExamplePlatform.REF, ExamplePlatform.REF).text());
    Files.createDirectories(build.resolve("export"));
    FLATPAK.run("build-export", directory.resolve("base").toString(), build.toString(), "stable");
    installation.run("install", "-y", "--noninteractive", "base", base.id());
  }

  /// Files as digests, metadata as text; without the last line break, which the judge leaves out
  /// where it has written the file twice.
  private static void list(Map<String, String> lines, String ref, FileTree tree) {
    TreeListing.of(tree)
        .forEach(
            (path, line) ->
                lines.put(ref + ":" + path, path.equals("/metadata") ? metadata(tree) : line));
  }

  private static String metadata(FileTree tree) {
    var file = (Entry.RegularFile) tree.get("metadata").orElseThrow();
    try {
      return new String(file.content().readAll(), StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void flatpakInstallsTheLanguagesOfTheUser() throws IOException {
    List<WrittenImage> images = write(new ImageName.Layout(directory.resolve("image"), ""));
    assertThat(images).hasSize(5);
    String repository = directory.resolve("remote").toString();
    OSTREE.run("--repo=" + repository, "init", "--mode=archive");
    for (WrittenImage image : images) {
      TestFlatpaks.importInto(Path.of(repository), image);
    }
    FLATPAK.run("build-update-repo", repository);
    installation.run("remote-add", "--no-gpg-verify", "here", repository);
    installation.run("config", "--set", "languages", "sr");
    installation.run("install", "-y", "--noninteractive", "here", APP);
    Path deployed =
        directory.resolve("user/runtime/" + PREFIX + ".Locale/x86_64/stable/active/files");
    assertThat(deployed.resolve("sr/share/sr@latin/LC_MESSAGES/sample.mo")).isRegularFile();
    assertThat(deployed.resolve("de")).doesNotExist();
    assertThat(directory.resolve("user/runtime/" + PREFIX + ".Debug")).doesNotExist();
    assertThat(directory.resolve("user/runtime/" + PREFIX + ".Plugin")).isDirectory();
    assertThat(directory.resolve("user/runtime/" + PREFIX + ".Other/x86_64/7")).isDirectory();

    installation.run("config", "--set", "languages", "sr;de");
    installation.run("update", "-y", "--noninteractive", APP);
    assertThat(directory.resolve("user/app/" + APP + "/current/active/files/share/locale/de"))
        .isSymbolicLink();
    assertThat(
            directory.resolve(
                "user/runtime/"
                    + PREFIX
                    + ".Locale/x86_64/stable/active/files/de/share/de/LC_MESSAGES/sample.mo"))
        .isRegularFile();
    installation.run("install", "-y", "--noninteractive", "here", PREFIX + ".Debug");
    assertThat(
            directory.resolve(
                "user/runtime/" + PREFIX + ".Debug/x86_64/stable/active/files/bin/sample.debug"))
        .isRegularFile();
    FLATPAK.compared(7);
  }
}
