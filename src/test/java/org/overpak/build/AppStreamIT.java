package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
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
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import tools.jackson.databind.json.JsonMapper;

/// What software centres are told of an app: the catalogue against `appstreamcli compose`, the
/// labels against `flatpak build-bundle --oci`, and all of it as `flatpak` finds it in a remote.
class AppStreamIT {
  private static final Judge APPSTREAM = Judge.of("appstreamcli");
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final Judge OSTREE = Judge.of("ostree");

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
    return finished(spec, DesktopSample.tree("metainfo", metainfo));
  }

  private CommitImage finished(String spec, FileTree app) {
    return new AppFinish(
            ContainerSpec.parse("container.yaml", spec.getBytes(StandardCharsets.UTF_8)).flatpak(),
            ExamplePlatform.REF,
            Metadata.ofRuntime(ExamplePlatform.REF, ExamplePlatform.REF),
            1_700_000_000L,
            notes::add)
        .finish(app)
        .app();
  }

  private WrittenImage write(CommitImage image) {
    try (var work = WorkDirectory.in(directory.resolve("cache"))) {
      return image.writeInto(
          new ImageName.Layout(directory.resolve("image"), ""),
          LayerCompression.DEFAULT,
          List.of(),
          work,
          Progress.SILENT);
    }
  }

  @Test
  void catalogueIsWhatAppStreamComposes() throws Exception {
    FileTree files = finished(DesktopSample.METAINFO).tree().subtree(new TreePath("files"));
    FileTree composed = composed(files);
    Map<String, String> theirFiles = facts(composed);
    Map<String, String> ourFiles = facts(files);
    APPSTREAM.compare("catalogue", theirFiles, ourFiles);
    var wrong = new TreeMap<>(ourFiles);
    wrong.replaceAll((_, text) -> text.replace("Hauptfenster", "Nebenfenster"));
    APPSTREAM.distinguishes("a wrong translation", "catalogue", theirFiles, wrong);
    assertThat(notes).allMatch(note -> note.contains(" is not exported: "));
  }

  private FileTree composed(FileTree files) throws IOException {
    return composed(files, DesktopSample.ID, Map.of());
  }

  private FileTree composed(FileTree files, String id, Map<String, String> environment)
      throws IOException {
    Path app = Files.createTempDirectory(directory, "app");
    Path theirs = Files.createTempDirectory(directory, "theirs");
    TreeDirectory.write(files.without(new TreePath("share/app-info")), app);
    // It fails if it refuses one; what it made is looked at.
    Files.createDirectories(theirs);
    Command command =
        APPSTREAM.command(
            "compose",
            "--no-net",
            "--prefix=/",
            "--origin=" + id,
            "--result-root=" + theirs,
            "--data-dir=" + theirs.resolve("share/app-info/xmls"),
            "--icons-dir=" + theirs.resolve("share/app-info/icons/flatpak"),
            "--components=" + id,
            app.toString());
    for (var variable : environment.entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    APPSTREAM.runToAnyEnd(command);
    return FileTree.ofDirectory(theirs);
  }

  /// Sizes that are not there are made of larger ones, as the composer makes them.
  @ParameterizedTest
  @ValueSource(ints = {96, 128, 256, 512})
  void missingIconsAreScaled(int size) throws Exception {
    FileTree app =
        DesktopSample.tree("metainfo", DesktopSample.METAINFO)
            .filter((path, _) -> !path.value().matches(".*/(64|128)x\\d+/apps/.*|.*/apps/.*svg"))
            .with(
                new TreePath("share/icons/hicolor/%1$dx%1$d/apps/sample.png".formatted(size)),
                new Entry.RegularFile(Attributes.of(0644, 0), Content.of(gradient(size))));
    FileTree files = finished(SPEC, app).tree().subtree(new TreePath("files"));
    FileTree composed = composed(files);
    APPSTREAM.compare("catalogue", without48(facts(composed)), facts(files));
    for (int wanted : size < 128 ? new int[] {64} : new int[] {64, 128}) {
      TreePath icon =
          new TreePath(
              "share/app-info/icons/flatpak/%1$dx%1$d/org.example.App.png".formatted(wanted));
      BufferedImage nothing = new BufferedImage(wanted, wanted, BufferedImage.TYPE_INT_ARGB);
      assertThat(distance(picture(files, icon), picture(composed, icon)))
          .as("of colours, of 255, for %d pixels", wanted)
          .isLessThan(4);
      assertThat(distance(picture(files, icon), nothing))
          .as("a wrong picture is seen")
          .isGreaterThan(40);
    }
    APPSTREAM.rejected("a picture of nothing");
  }

  static Stream<Arguments> svgIcons() {
    return SvgSamples.all().entrySet().stream()
        .flatMap(
            sample ->
                Stream.of("scalable/apps/sample.svg", "scalable/apps/sample.svgz")
                    .map(place -> Arguments.of(sample.getKey(), place, sample.getValue())));
  }

  /// Both draw it, in pixels that differ by less than 2 of 255 in the mean.
  @ParameterizedTest(name = "{0} in {1}")
  @MethodSource("svgIcons")
  void anSvgThatIsTheOnlyIconIsDrawn(String what, String place, String svg) throws Exception {
    FileTree app =
        withoutIcons()
            .with(
                new TreePath("share/icons/hicolor/" + place),
                new Entry.RegularFile(
                    Attributes.of(0644, 0),
                    Content.of(place.endsWith("z") ? compressed(svg) : bytes(svg))));
    FileTree files = finished(SPEC, app).tree().subtree(new TreePath("files"));
    FileTree composed = composed(files);
    APPSTREAM.compare("catalogue", without48(facts(composed)), facts(files));
    assertSameIcons(DesktopSample.ID, files, composed);
    assertThat(notes).noneMatch(note -> note.startsWith("the icon "));
  }

  private void assertSameIcons(String id, FileTree files, FileTree composed) throws IOException {
    for (int size : new int[] {64, 128}) {
      BufferedImage ours = picture(files, id, size);
      BufferedImage theirs = picture(composed, id, size);
      assertThat(ours.getWidth()).isEqualTo(size).isEqualTo(theirs.getWidth());
      assertThat(ours.getHeight()).isEqualTo(size).isEqualTo(theirs.getHeight());
      assertThat(distance(ours, theirs)).as("of %s, of 255, for %d pixels", id, size).isLessThan(2);
      assertThat(distance(turned(ours), theirs)).as("one upside down is seen").isGreaterThan(4);
    }
    APPSTREAM.compared(2);
    APPSTREAM.rejected("a picture upside down");
  }

  /// The composer draws it with the fonts of its machine, and boxes where there are none.
  @Test
  void textIsLeftOut() throws Exception {
    String picture = SvgSamples.all().values().iterator().next();
    String text = "<text x='4' y='40' font-size='30'>Text</text></svg>";
    FileTree files =
        finished(SPEC, withIcon(picture.replace("</svg>", text)))
            .tree()
            .subtree(new TreePath("files"));
    assertThat(notes)
        .anyMatch(
            note ->
                note.startsWith(
                    "the icon /app/share/icons/hicolor/scalable/apps/org.example.App.svg has text,"));
    FileTree without = finished(SPEC, withIcon(picture)).tree().subtree(new TreePath("files"));
    assertSameIcons(DesktopSample.ID, files, composed(without));

    Path noFonts =
        Files.writeString(
            directory.resolve("fonts.conf"), "<fontconfig><dir>/nonexistent</dir></fontconfig>");
    FileTree boxes =
        composed(files, DesktopSample.ID, Map.of("FONTCONFIG_FILE", noFonts.toString()));
    BufferedImage letters = picture(composed(files), DesktopSample.ID, 128);
    assertThat(distance(letters, picture(boxes, DesktopSample.ID, 128))).isGreaterThan(1);
    assertThat(distance(letters, picture(files, DesktopSample.ID, 128))).isGreaterThan(1);
  }

  /// Their packages bring them as SVG alone, or as PNG of 48 pixels besides.
  @ParameterizedTest
  @ValueSource(strings = {"dictionary", "galculator", "zim"})
  void realAppsHaveTheIconsThatAreComposed(String name) throws IOException {
    BuiltApp built = TestFlatpaks.make().build(name);
    FileTree files =
        ImageLayout.open(built.image().layout())
            .readTree(_ -> true, Progress.SILENT)
            .subtree(new TreePath("files"));
    String id = TestFlatpaks.spec(name).flatpak().id();
    assertSameIcons(id, files, composed(files, id, Map.of()));
  }

  private static FileTree withIcon(String svg) {
    return withoutIcons()
        .with(
            new TreePath("share/icons/hicolor/scalable/apps/sample.svg"),
            new Entry.RegularFile(Attributes.of(0644, 0), Content.of(bytes(svg))));
  }

  private static FileTree withoutIcons() {
    return DesktopSample.tree("metainfo", DesktopSample.METAINFO)
        .filter((path, _) -> !path.value().matches(".*/apps/.*(png|svg)"));
  }

  private static Map<String, String> without48(Map<String, String> facts) {
    facts.keySet().removeIf(fact -> fact.contains("48x48") || fact.contains("width=\"48\""));
    return facts;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] compressed(String text) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes(text));
    }
    return out.toByteArray();
  }

  private static BufferedImage turned(BufferedImage image) {
    int last = image.getWidth() - 1;
    var turned = new BufferedImage(last + 1, last + 1, BufferedImage.TYPE_INT_ARGB);
    for (int x = 0; x <= last; x++) {
      for (int y = 0; y <= last; y++) {
        turned.setRGB(x, y, image.getRGB(last - x, last - y));
      }
    }
    return turned;
  }

  private static byte[] gradient(int size) throws IOException {
    var image = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
    for (int x = 0; x < size; x++) {
      for (int y = 0; y < size; y++) {
        image.setRGB(x, y, (255 << 24) | ((x * 255 / size) << 16) | ((y * 255 / size) << 8) | 128);
      }
    }
    var out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static BufferedImage picture(FileTree tree, String id, int size) throws IOException {
    return picture(
        tree, new TreePath("share/app-info/icons/flatpak/%1$dx%1$d/%2$s.png".formatted(size, id)));
  }

  private static BufferedImage picture(FileTree tree, TreePath path) throws IOException {
    var file = (Entry.RegularFile) tree.get(path).orElseThrow();
    return ImageIO.read(new ByteArrayInputStream(file.content().readAll()));
  }

  /// The mean difference of opacity and of colours, which count as much as they are opaque.
  private static double distance(BufferedImage one, BufferedImage other) {
    double sum = 0;
    for (int x = 0; x < one.getWidth(); x++) {
      for (int y = 0; y < one.getHeight(); y++) {
        for (int shift = 0; shift < 32; shift += 8) {
          sum += Math.abs(channel(one.getRGB(x, y), shift) - channel(other.getRGB(x, y), shift));
        }
      }
    }
    return sum / (4.0 * one.getWidth() * one.getHeight());
  }

  private static double channel(int pixel, int shift) {
    int alpha = pixel >>> 24;
    return shift == 24 ? alpha : ((pixel >>> shift) & 255) * alpha / 255.0;
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

  /// The same of a registry's index, which has nothing but labels.
  @Test
  void flatpakFindsItInAnOciRemote() throws IOException {
    WrittenImage image = write(finished(SPEC + END_OF_LIFE, DesktopSample.METAINFO));
    HttpServer server = registry(image);
    try {
      FlatpakInstallation installation = FlatpakInstallation.user(directory);
      installation.run(
          "remote-add", "here", "oci+http://127.0.0.1:" + server.getAddress().getPort());
      installation.run("update", "--appstream", "here");
      assertThat(search(installation, "sample"))
          .contains("org.example.App")
          .contains("Sample & \"more\"")
          .contains("Shows what is renamed");
      assertThat(search(installation, "nonesuch")).doesNotContain("org.example.App");
      try (var files = Files.walk(directory.resolve("user"))) {
        assertThat(files.map(Path::toString))
            .anyMatch(file -> file.endsWith("icons/64x64/org.example.App.png"))
            .anyMatch(file -> file.endsWith("icons/128x128/org.example.App.png"));
      }
      assertThat(installation.run("remote-info", "here", "org.example.App").text())
          .contains("Ref: app/org.example.App/x86_64/stable")
          .contains("End-of-life: no longer maintained");
      FLATPAK.compared(7);
    } finally {
      server.stop(0);
    }
  }

  /// A registry with IMAGE, and the index that Flatpak asks.
  private static HttpServer registry(WrittenImage image) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] index =
        JsonMapper.shared()
            .writeValueAsBytes(
                Map.of(
                    "Registry",
                    "http://127.0.0.1:" + server.getAddress().getPort(),
                    "Results",
                    List.of(RegistryIndex.result("app", image))));
    Path blobs = image.layout().directory().resolve("blobs/sha256");
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          byte[] body =
              path.startsWith("/index/static")
                  ? index
                  : Files.readAllBytes(blobs.resolve(path.replaceFirst(".*sha256:", "")));
          exchange
              .getResponseHeaders()
              .add("Content-Type", "application/vnd.oci.image.manifest.v1+json");
          boolean head = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(200, head ? -1 : body.length);
          try (exchange) {
            if (!head) {
              exchange.getResponseBody().write(body);
            }
          }
        });
    server.start();
    return server;
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
    TestFlatpaks.importInto(Path.of(repository), image);
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
        + " release-time-missing, the <release> has no date",
    "'type=\"desktop-application\"', 'type=\"gadget\"', component-type-invalid,"
        + " there is no type 'gadget'",
    "'<id>sample.desktop</id>', '', component-id-missing, so Flatpak does not take it",
    "'<metadata_license>CC0-1.0<', '<metadata_license>GPL-2.0<', metadata-license-invalid,"
        + " the <metadata_license> 'GPL-2.0' is not one",
    "'Shows what is renamed', 'Shows\twhat', summary-has-tabs-or-linebreaks,"
        + " has a line break or tab",
    "'<image>https://example.org/a.png</image>', '', screenshot-no-media,"
        + " has neither <image> nor <video>",
    "'https://example.org/a.png', 'a.png', web-url-expected,"
        + " in <image> is no address on the web",
    "'>https://example.org/<', '>example.org<', web-url-expected,"
        + " in <url> is no address on the web",
    "'date=\"2024-01-02\"', 'date=\"2024-13-77\"', invalid-iso8601-date,"
        + " the date of the <release> is '2024-13-77'; write YYYY-MM-DD",
    "'date=\"2024-01-02\"', 'timestamp=\"soon\"', release-timestamp-invalid,"
        + " the timestamp of the <release> is 'soon'",
    "'version=\"1.1\" ', '', release-version-missing, the <release> has no version"
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

  /// Of each change, the composer makes no component, or one all the same.
  @ParameterizedTest
  @CsvSource({
    "</component>, '', false",
    "' type=\"desktop-application\"', '', false",
    "desktop-application, gadget, false",
    "desktop-application, desktop, true",
    "desktop-application, console-application, true",
    "'<id>org.example.App</id>', '', false",
    "'<summary>Shows what is renamed</summary>', '', false",
    "'<description>', '<description><em/></description><omitted>', false",
    "'<metadata_license>CC0-1.0</metadata_license>', '', false",
    "CC0-1.0, GPL-2.0, false",
    "CC0-1.0, GPL-2.0 OR MIT, true",
    "CC0-1.0, FSFAP AND CC-BY-SA-4.0, true",
    "CC0-1.0, MIT AND GPL-2.0, false",
    "'>org.example.App.desktop</launchable>', '>org.example.Other.desktop</launchable>', false",
    "<name>, '<name xml:lang=\"fr\">', true",
    "'<image>https://example.org/a.png</image>', '', true",
    "'date=\"2024-01-02\"', 'date=\"2024-13-77\"', true",
    "'>https://example.org/<', '>example.org<', true"
  })
  void refusesWhatTheComposerRefuses(String text, String changed, boolean composed)
      throws IOException {
    FileTree app =
        finished(DesktopSample.METAINFO)
            .tree()
            .subtree(new TreePath("files"))
            .without(new TreePath("share/app-info"));
    TreePath path = new TreePath("share/metainfo/org.example.App.metainfo.xml");
    var file = (Entry.RegularFile) app.get(path).orElseThrow();
    String metainfo = new String(file.content().readAll(), StandardCharsets.UTF_8);
    assertThat(metainfo).contains(text);
    metainfo = metainfo.replace(text, changed);
    if (changed.contains("<omitted>")) {
      metainfo = metainfo.replaceFirst("(?s)<omitted>.*?</description>", "");
    }
    FileTree worse = app.with(path, new Entry.RegularFile(file.attributes(), Content.of(metainfo)));
    assertThat(hasComponent(composed(worse))).as("composer").isEqualTo(composed);
    notes.clear();
    String spec = SPEC.replaceAll("(?m)^ *rename-.*\n", "");
    FileTree files = finished(spec, worse).tree().subtree(new TreePath("files"));
    assertThat(hasComponent(files)).as("Overpak").isEqualTo(composed);
    APPSTREAM.compared(1);
    String refusal =
        "/app/share/metainfo/org\\.example\\.App\\.metainfo\\.xml:\\d+:.*, so software centres do not"
            + " show the app; .*";
    if (composed) {
      assertThat(notes).noneMatch(note -> note.matches(refusal));
    } else {
      assertThat(notes).anyMatch(note -> note.matches(refusal));
      APPSTREAM.rejected(changed + " for " + text);
    }
  }

  /// Whether the catalogue of TREE has one; there may be none.
  private static boolean hasComponent(FileTree tree) throws IOException {
    for (var item : tree.entries().entrySet()) {
      if (item.getKey().value().startsWith("share/app-info/xmls/")
          && item.getValue() instanceof Entry.RegularFile file) {
        try (var xml = new GZIPInputStream(file.content().open())) {
          if (new String(xml.readAllBytes(), StandardCharsets.UTF_8).contains("<component ")) {
            return true;
          }
        }
      }
    }
    return false;
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
