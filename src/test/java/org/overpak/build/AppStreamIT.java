package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeDirectory;
import org.overpak.tree.TreePath;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// What software centres are told of an app: the catalogue against `appstreamcli compose`, the
/// labels against `flatpak build-bundle --oci`, and all of it as `flatpak` finds it in a remote.
class AppStreamIT {
  private static final Judge APPSTREAM = Judge.of("appstreamcli");
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final Judge OSTREE = Judge.of("ostree");

  private static final Ref RUNTIME = Ref.parse("runtime/org.example.Platform/x86_64/1");

  private static final String SPEC =
      """
      flatpak:
        id: org.example.App
        branch: stable
        runtime: org.example.Platform
        runtime-version: '1'
        sdk: org.example.Platform
        packages: [sample]
        command: sample
        rename-desktop-file: sample.desktop
        rename-appdata-file: sample.appdata.xml
        rename-icon: sample
        tags: [beta, text]
        name: sample
        component: sample-container
        labels:
          org.example.label: value
      """;

  private static final String END_OF_LIFE =
      """
        end-of-life: no longer maintained
        end-of-life-rebase: org.example.Successor
      """
          .indent(0);

  private final List<String> notes = new ArrayList<>();
  @TempDir Path directory;

  private CommitImage finished(String metainfo) {
    return finished(SPEC, metainfo);
  }

  private CommitImage finished(String spec, String metainfo) {
    return new AppFinish(
            ContainerSpec.parse("container.yaml", spec.getBytes(StandardCharsets.UTF_8)).flatpak(),
            RUNTIME,
            Metadata.ofRuntime(RUNTIME, RUNTIME),
            1_700_000_000L,
            notes::add)
        .finish(DesktopSample.tree("metainfo", metainfo))
        .app();
  }

  private WrittenImage write(CommitImage image) {
    try (var work = WorkDirectory.in(directory.resolve("cache"))) {
      return image.write(
          new ImageName.Layout(directory.resolve("image"), ""), List.of(), work, Progress.SILENT);
    }
  }

  @Test
  void catalogueIsWhatAppStreamComposes() throws Exception {
    FileTree files = finished(DesktopSample.METAINFO).tree().subtree(new TreePath("files"));
    Path app = directory.resolve("app");
    Path theirs = directory.resolve("theirs");
    TreeDirectory.write(files.without(new TreePath("share/app-info")), app);
    APPSTREAM.run(
        "compose",
        "--no-net",
        "--prefix=/",
        "--origin=org.example.App",
        "--result-root=" + theirs,
        "--data-dir=" + theirs.resolve("share/app-info/xmls"),
        "--icons-dir=" + theirs.resolve("share/app-info/icons/flatpak"),
        "--components=org.example.App",
        app.toString());
    FileTree composed = FileTree.ofDirectory(theirs);
    Map<String, String> theirFiles = facts(composed);
    Map<String, String> ourFiles = facts(files);
    APPSTREAM.compare("catalogue", theirFiles, ourFiles);
    var wrong = new TreeMap<>(ourFiles);
    wrong.replaceAll((_, text) -> text.replace("Hauptfenster", "Nebenfenster"));
    APPSTREAM.distinguishes("a wrong translation", "catalogue", theirFiles, wrong);
    assertThat(notes).allMatch(note -> note.contains(" is not exported: "));
  }

  /// Elements of the catalogue with attributes and text, and the icons.
  private static Map<String, String> facts(FileTree tree) throws Exception {
    Map<String, String> facts = new TreeMap<>();
    for (var item : tree.entries().entrySet()) {
      if (!(item.getValue() instanceof Entry.RegularFile file)
          || !item.getKey().value().startsWith("share/app-info/")) {
        continue;
      }
      if (item.getKey().name().endsWith(".gz")) {
        try (var xml = new GZIPInputStream(file.content().open())) {
          add(
              facts,
              "",
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(xml)
                  .getDocumentElement());
        }
      } else {
        // Their icons are written anew, so only that there are the same ones is compared.
        facts.put(item.getKey().toString(), "icon");
      }
    }
    return facts;
  }

  private static void add(Map<String, String> facts, String above, Element element) {
    var name = new StringBuilder(above + "/" + element.getTagName());
    var attributes = element.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      name.append(' ').append(attributes.item(i));
    }
    String path = name.toString();
    boolean isLeaf = true;
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inside && !List.of("em", "code").contains(inside.getTagName())) {
        isLeaf = false;
        add(facts, path, inside);
      }
    }
    if (isLeaf) {
      facts.merge(path, element.getTextContent().strip(), (one, two) -> one + " | " + two);
    }
  }

  @Test
  void labelsAreWhatFlatpakMakesOfTheSameCommit() throws IOException {
    CommitImage image = finished(SPEC + END_OF_LIFE, DesktopSample.METAINFO);
    Map<String, String> ours = labels(write(image).layout());
    Map<String, String> theirs = labels(bundled(image.tree()));
    FLATPAK.compare("labels of a desktop app", theirs, ours);
    assertThat(theirs)
        .containsKeys(
            "org.freedesktop.appstream.appdata",
            "org.freedesktop.appstream.icon-64",
            "org.freedesktop.appstream.icon-128",
            "org.flatpak.commit-metadata.ostree.endoflife",
            "org.flatpak.commit-metadata.ostree.endoflife-rebase");
    var wrong = new TreeMap<>(ours);
    wrong.computeIfPresent(
        "org.freedesktop.appstream.appdata", (_, text) -> text.replace("  <bundle", " <bundle"));
    FLATPAK.distinguishes("a blank less", "labels of a desktop app", theirs, wrong);
    assertThat(ours)
        .containsEntry("name", "sample")
        .containsEntry("com.redhat.component", "sample-container")
        .containsEntry("org.example.label", "value");
  }

  private ImageName.Layout bundled(FileTree tree) {
    Path build = directory.resolve("build");
    TreeDirectory.write(tree, build);
    String repository = directory.resolve("repo").toString();
    FLATPAK.run(
        "build-export",
        "--disable-sandbox",
        "--timestamp=2023-11-14T22:13:20Z",
        "--end-of-life=no longer maintained",
        "--end-of-life-rebase=org.example.Successor",
        repository,
        build.toString(),
        "stable");
    Path bundle = directory.resolve("bundle");
    FLATPAK.run(
        "build-bundle", "--oci", repository, bundle.toString(), "org.example.App", "stable");
    return new ImageName.Layout(bundle, "");
  }

  private static Map<String, String> labels(ImageName.Layout name) {
    Map<String, String> labels = new TreeMap<>(ImageLayout.open(name).config().labels());
    ImageLabels.decode(labels)
        .forEach((key, value) -> labels.put("org.flatpak.commit-metadata." + key, value + ""));
    return labels;
  }

  @Test
  void flatpakFindsItInARemote() {
    FlatpakInstallation installation = remoteWith(finished(DesktopSample.METAINFO));
    installation.run("update", "--appstream", "here");
    assertThat(search(installation, "sample"))
        .contains("org.example.App")
        .contains("Sample & \"more\"")
        .contains("Shows what is renamed");
    assertThat(search(installation, "nonesuch")).doesNotContain("org.example.App");
    Path icons = directory.resolve("user/appstream/here/x86_64/active/icons");
    assertThat(icons.resolve("64x64/org.example.App.png")).isRegularFile();
    assertThat(icons.resolve("128x128/org.example.App.png")).isRegularFile();
    FLATPAK.compared(5);
  }

  @Test
  void flatpakShowsThatItIsNoLongerMaintained() {
    CommitImage image = finished(SPEC + END_OF_LIFE, DesktopSample.METAINFO);
    assertThat(remoteWith(image).run("remote-info", "here", "org.example.App").text())
        .contains("End-of-life: no longer maintained")
        .contains("End-of-life-rebase: app/org.example.Successor/x86_64/stable");
    FLATPAK.compared(2);
  }

  private static String search(FlatpakInstallation installation, String word) {
    return installation.run("search", "--columns=application,name,description", word).text();
  }

  private FlatpakInstallation remoteWith(CommitImage commit) {
    WrittenImage image = write(commit);
    String repository = directory.resolve("remote").toString();
    OSTREE.run("--repo=" + repository, "init", "--mode=archive");
    FLATPAK.run(
        "build-import-bundle",
        "--oci",
        "--ref=" + image.ref(),
        repository,
        image.layout().directory().toString());
    FLATPAK.run("build-update-repo", repository);
    FlatpakInstallation installation = FlatpakInstallation.user(directory);
    installation.run("remote-add", "--no-gpg-verify", "here", "file://" + repository);
    return installation;
  }

  /// Each change makes the metainfo worse, for AppStream's validator as for us.
  @ParameterizedTest
  @CsvSource({
    "'<summary>Shows what is renamed</summary>', '', component-summary-missing, there is no <summary>",
    "'<summary>Shows what is renamed</summary>', '<summary>Ends.</summary>',"
        + " summary-has-dot-suffix, ends with a full stop",
    "'<metadata_license>CC0-1.0</metadata_license>', '', metadata-license-missing,"
        + " there is no <metadata_license>",
    "'<name>Sample &amp; \"more\"</name>', '', component-name-missing, there is no <name>",
    "'<release version=\"1.0\" date=\"2023-01-02\"/>', '<release version=\"1.0\"/>',"
        + " release-time-missing, the <release> has no date"
  })
  void notesWhatTheValidatorNotes(String text, String changed, String tag, String note)
      throws IOException {
    assertThat(DesktopSample.METAINFO).contains(text);
    Path good = validated(DesktopSample.METAINFO);
    String sound = APPSTREAM.run(validator(good)).text();
    assertThat(sound).doesNotContain(tag);
    String metainfo = DesktopSample.METAINFO.replaceFirst("(?m)^ *\\Q" + text + "\\E\n", changed);
    metainfo = metainfo.equals(DesktopSample.METAINFO) ? metainfo.replace(text, changed) : metainfo;
    String complaint = complaint(validated(metainfo));
    assertThat(complaint).contains(tag);
    APPSTREAM.rejected(note);

    finished(metainfo);
    assertThat(notes)
        .anyMatch(
            line ->
                line.matches("/app/share/metainfo/org.example.App.metainfo.xml:\\d+: .*")
                    && line.contains(note));
  }

  private Path validated(String metainfo) throws IOException {
    return Files.writeString(
        directory.resolve("org.example.App.metainfo.xml"),
        metainfo.replace("sample.desktop", "org.example.App.desktop"));
  }

  private static List<String> validator(Path file) {
    return List.of("validate", "--no-net", "--explain", file.toString());
  }

  private static String complaint(Path file) {
    Command command =
        Command.of(
            "sh",
            "-c",
            "appstreamcli validate --no-net --explain \"$1\" || true",
            "sh",
            file.toString());
    return APPSTREAM.run(command).text();
  }
}
