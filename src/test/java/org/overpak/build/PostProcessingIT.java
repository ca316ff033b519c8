package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.overpak.Digest;
import org.overpak.OverpakException;
import org.overpak.flatpak.Metadata;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeDirectory;
import org.overpak.tree.TreePath;

/// What the spec's keys make of an app's files, metadata and exports, against flatpak-builder,
/// which has the same keys but those of MIME types, which came later. It builds nothing here: it
/// finishes a directory that is there.
class PostProcessingIT {
  private static final Judge BUILDER = Judge.of("flatpak-builder");

  /// Keys that a spec and a manifest have in common.
  private static final String COMMON =
      """
      id: org.example.App
      branch: stable
      runtime: org.example.Platform
      runtime-version: '1'
      sdk: org.example.Platform
      appstream-compose: false
      """;

  @TempDir static Path shared;
  private static FlatpakInstallation installation;
  @TempDir Path directory;

  @BeforeAll
  static void installRuntime() throws IOException {
    installation = ExamplePlatform.installed(shared);
  }

  static Stream<Arguments> samples() {
    FileTree old = DesktopSample.tree("appdata", DesktopSample.METAINFO);
    FileTree renamed = atItsId();
    return Stream.of(
        Arguments.of(
            "everything",
            old,
            """
            command: sample
            rename-desktop-file: sample.desktop
            rename-appdata-file: sample.appdata.xml
            rename-icon: sample
            desktop-file-name-prefix: '  New '
            desktop-file-name-suffix: ' (Development)'
            appdata-license: MIT
            tags: [beta, text]
            add-extensions:
              org.example.App.Plugin:
                directory: lib/plugins
                version: '1'
                autodelete: true
                no-autodownload: false
                subdirectories: true
                merge-dirs: a;b
            """),
        Arguments.of(
            "copied icons",
            DesktopSample.tree("metainfo", DesktopSample.METAINFO),
            """
            rename-desktop-file: sample.desktop
            rename-icon: sample
            copy-icon: true
            """),
        Arguments.of("a suffix", renamed, "desktop-file-name-suffix: ' X'\n"),
        Arguments.of("a license", renamed, "appdata-license: LGPL-2.1-only AND MIT\n"),
        Arguments.of(
            "a license where there is none",
            withMetainfo("<component>\n  <id>org.example.App</id>\n</component>\n"),
            "appdata-license: MIT\n"),
        Arguments.of("nothing", renamed, ""));
  }

  /// The sample of an app whose files bear its ID.
  private static FileTree atItsId() {
    return withMetainfo(
        DesktopSample.METAINFO.replace("sample.desktop", "org.example.App.desktop"));
  }

  private static FileTree withMetainfo(String text) {
    FileTree tree = DesktopSample.tree("metainfo", text);
    Entry metainfo = tree.get("share/metainfo/sample.appdata.xml").orElseThrow();
    Entry desktop = tree.get("share/applications/sample.desktop").orElseThrow();
    return tree.without(new TreePath("share/metainfo/sample.appdata.xml"))
        .without(new TreePath("share/applications/sample.desktop"))
        .with(new TreePath("share/metainfo/org.example.App.metainfo.xml"), metainfo)
        .with(new TreePath("share/applications/org.example.App.desktop"), desktop);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void appIsWhatFlatpakBuilderMakes(String name, FileTree app, String keys) throws IOException {
    Path theirs = startBuilder(app, keys);
    installation.build(directory, finish(theirs));
    Map<String, String> built = listing(FileTree.ofDirectory(theirs));

    Map<String, String> ours = listing(finished(app, keys).tree());
    BUILDER.compare("app with " + name, built, ours);
    var wrong = new TreeMap<>(ours);
    wrong.computeIfPresent(
        "/files/share/applications/org.example.App.desktop",
        (_, text) -> text.replace("Name[de]=", "Name[de]=x"));
    wrong.computeIfPresent("/metadata", (_, text) -> text + "\n[Extension x]");
    BUILDER.distinguishes("a translation that differs", "app with " + name, built, wrong);
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        Arguments.of("rename-desktop-file: missing.desktop\n", "there is no file /app/share/app"),
        Arguments.of("rename-icon: missing\n", "there is no icon 'missing'"),
        Arguments.of("rename-icon: deep\n", "there is no icon 'deep'"),
        Arguments.of("desktop-file-name-prefix: x\n", "there is no file /app/share/applications"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("impossible")
  void bothRefuse(String keys, String why) throws IOException {
    FileTree app = DesktopSample.tree("metainfo", DesktopSample.METAINFO);
    installation.buildRejects(keys.strip(), directory, finish(startBuilder(app, keys)));
    assertThatThrownBy(() -> finished(app, keys))
        .isInstanceOf(OverpakException.class)
        .hasMessageStartingWith(keys.substring(0, keys.indexOf(':')))
        .hasMessageContaining(why);
  }

  @Test
  void bothRefuseToReplaceAFile() throws IOException {
    FileTree app =
        DesktopSample.tree("metainfo", DesktopSample.METAINFO)
            .with(
                new TreePath("share/applications/org.example.App.desktop"),
                atItsId().get("share/applications/org.example.App.desktop").orElseThrow());
    String keys = "rename-desktop-file: sample.desktop\n";
    installation.buildRejects("a file of the new name", directory, finish(startBuilder(app, keys)));
    assertThatThrownBy(() -> finished(app, keys))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("there is a file /app/share/applications/org.example.App.desktop");
  }

  /// A directory as flatpak-builder has it between building and finishing.
  private Path startBuilder(FileTree app, String keys) throws IOException {
    Path build = directory.resolve("app");
    Files.writeString(directory.resolve("manifest.yaml"), COMMON + keys + "modules: []\n");
    installation.build(
        directory,
        "--disable-rofiles-fuse",
        "--disable-cache",
        "--build-only",
        build.toString(),
        "manifest.yaml");
    TreeDirectory.write(app, build.resolve("files"));
    return build;
  }

  private static String[] finish(Path build) {
    return new String[] {
      "--disable-rofiles-fuse",
      "--disable-cache",
      "--finish-only",
      build.toString(),
      "manifest.yaml"
    };
  }

  private static CommitImage finished(FileTree app, String keys) {
    String spec = "flatpak:\n" + (COMMON + keys + "packages: [sample]\n").indent(2);
    List<String> notes = new ArrayList<>();
    return new AppFinish(
            ContainerSpec.parse("container.yaml", spec.getBytes(StandardCharsets.UTF_8)).flatpak(),
            ExamplePlatform.REF,
            Metadata.ofRuntime(ExamplePlatform.REF, ExamplePlatform.REF),
            0,
            notes::add)
        .finish(app)
        .app();
  }

  /// Every file with its mode and content, XML without blanks between elements: libxml2, which
  /// flatpak-builder uses here and there, sets them anew, and leaves quotes as they are.
  private static Map<String, String> listing(FileTree tree) {
    Map<String, String> lines = new TreeMap<>();
    tree.entries()
        .forEach(
            (path, entry) -> {
              if (!(entry instanceof Entry.Directory) && isOfTheApp(path)) {
                lines.put(place(path), text(path, entry));
              }
            });
    return lines;
  }

  private static boolean isOfTheApp(TreePath path) {
    return path.value().equals("metadata")
        || (path.value().startsWith("files/") && !path.value().equals("files/manifest.json"))
        || path.value().startsWith("export/");
  }

  /// Where flatpak-builder puts the AppStream file since 1.4; the judge is older.
  private static String place(TreePath path) {
    return path.toString()
        .replace("/share/appdata/org.example", "/share/metainfo/org.example")
        .replace("org.example.App.appdata.xml", "org.example.App.metainfo.xml");
  }

  private static String text(TreePath path, Entry entry) {
    return switch (entry) {
      case Entry.RegularFile file ->
          "%04o %s".formatted(file.attributes().mode(), normal(path, content(file)));
      case Entry.Symlink link -> "-> " + link.target();
      case Entry.Directory _, Entry.Special _ -> throw new AssertionError(path);
    };
  }

  private static String content(Entry.RegularFile file) {
    try {
      return new String(file.content().readAll(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String normal(TreePath path, String text) {
    if (path.name().endsWith(".xml")) {
      return text.replaceAll("(?s)<\\?.*?\\?>|<!--.*?-->", "")
          .replaceAll(">\\s+<", "><")
          .replace("&quot;", "\"")
          .strip();
    }
    if (path.name().endsWith(".desktop")) {
      return text.replaceAll("\n+", "\n");
    }
    return path.value().equals("metadata")
        ? text
        : Digest.sha256(text.getBytes(StandardCharsets.ISO_8859_1)).toString();
  }

  @Test
  void rewritesWhatItMustAndNothingElse() {
    FileTree app = DesktopSample.tree("metainfo", DesktopSample.METAINFO);
    FileTree files = finished(app, "rename-desktop-file: sample.desktop\n").tree();
    Entry other = files.get("files/share/applications/other.desktop").orElseThrow();
    Entry before = app.get("share/applications/other.desktop").orElseThrow();
    assertThat(((Entry.RegularFile) other).content())
        .isSameAs(((Entry.RegularFile) before).content());
    assertThat(
            content(
                (Entry.RegularFile)
                    files.get("files/share/applications/org.example.App.desktop").orElseThrow()))
        .isEqualTo(
            DesktopSample.DESKTOP.replace(
                "RenamedFrom=older.desktop;", "RenamedFrom=older.desktop;sample.desktop;"));
  }
}
