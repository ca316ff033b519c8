package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What the judges do not show: MIME types, whose keys Debian's flatpak-builder is too old for, and
/// files that are malformed.
class PostProcessingTest {
  private static final String ID = "org.example.App";
  private static final ExportChanges NONE =
      new ExportChanges("", "", "", false, "", List.of(), "", "", "", false);
  private static final ExportChanges MIME =
      new ExportChanges(
          "",
          "",
          "",
          false,
          "sample.xml",
          List.of("text-x-sample", "sample-iconed", "sample-generic"),
          "",
          "",
          "",
          false);

  private final List<String> notes = new ArrayList<>();

  private static FileTree tree(String... pathsAndTexts) {
    FileTree tree = FileTree.EMPTY;
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      tree =
          tree.with(
              new TreePath(pathsAndTexts[i]),
              new Entry.RegularFile(Attributes.of(0644, 0), Content.of(pathsAndTexts[i + 1])));
    }
    return tree;
  }

  private static String text(FileTree tree, String path) throws IOException {
    var file = (Entry.RegularFile) tree.get(path).orElseThrow();
    return new String(file.content().readAll(), StandardCharsets.UTF_8);
  }

  private static final FileTree ICONS =
      tree(
          "share/icons/hicolor/64x64/mimetypes/text-x-sample.png", "1",
          "share/icons/hicolor/64x64/mimetypes/sample-iconed.png", "2",
          "share/icons/hicolor/64x64/mimetypes/sample-generic.png", "3",
          "share/icons/hicolor/64x64/mimetypes/text-x-other.png", "4");

  @Test
  void whatListsIconsByTheirOldNamesGoes() {
    FileTree app =
        tree(
            "share/applications/" + ID + ".desktop",
            "[Desktop Entry]\nIcon=sample\n",
            "share/icons/hicolor/64x64/apps/sample.png",
            "1",
            "share/icons/hicolor/icon-theme.cache",
            "sample",
            "share/icons/other/icon-theme.cache",
            "nothing of it");
    var renaming = new ExportChanges("", "", "sample", false, "", List.of(), "", "", "", false);
    FileTree result = PostProcessing.apply(app, ID, renaming, notes::add);
    assertThat(result.contains(new TreePath("share/icons/hicolor/icon-theme.cache"))).isFalse();
    assertThat(result.contains(new TreePath("share/icons/other/icon-theme.cache"))).isTrue();
    assertThat(PostProcessing.apply(app, ID, NONE, notes::add)).isSameAs(app);
  }

  @Test
  void mimeTypesAndTheirIconsBearTheId() throws IOException {
    FileTree app =
        ICONS.overlay(
            tree(
                "share/mime/packages/sample.xml",
                """
                <?xml version="1.0"?>
                <!DOCTYPE mime-info [ <!ELEMENT mime-info (mime-type)*> ]>
                <mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
                  <mime-type type="text/x-sample"><glob pattern="*.a"/></mime-type>
                  <mime-type type="text/x-two"><icon name="sample-iconed"/></mime-type>
                  <mime-type type="text/x-three"><generic-icon name="sample-generic"/></mime-type>
                  <mime-type type="text/x-other"/>
                </mime-info>
                """));
    FileTree result = PostProcessing.apply(app, ID, MIME, notes::add);
    assertThat(result.list(new TreePath("share/icons/hicolor/64x64/mimetypes")))
        .containsExactly(
            "org.example.App.sample-generic.png",
            "org.example.App.sample-iconed.png",
            "org.example.App.text-x-sample.png",
            "text-x-other.png");
    assertThat(result.list(new TreePath("share/mime/packages"))).containsExactly(ID + ".xml");
    assertThat(text(result, "share/mime/packages/org.example.App.xml"))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
              <mime-type type="text/x-sample"><glob pattern="*.a"/>\
            <icon name="org.example.App.text-x-sample"/></mime-type>
              <mime-type type="text/x-two"><icon name="org.example.App.sample-iconed"/></mime-type>
              <mime-type type="text/x-three">\
            <generic-icon name="org.example.App.sample-generic"/></mime-type>
              <mime-type type="text/x-other"/>
            </mime-info>""");
  }

  @Test
  void refusesMimeIconsThatNoFileNames() {
    ExportChanges changes =
        new ExportChanges("", "", "", false, "", List.of("text-x-sample"), "", "", "", false);
    assertThatThrownBy(() -> PostProcessing.apply(ICONS, ID, changes, notes::add))
        .isInstanceOf(OverpakException.class)
        .hasMessage(
            "rename-mime-icons: there is no file /app/share/mime/packages/org.example.App.xml that"
                + " could name them");
  }

  @Test
  void formerIdStaysProvided() throws IOException {
    ExportChanges changes =
        new ExportChanges("old.xml", "", "", false, "", List.of(), "", "", "", false);
    FileTree app =
        tree("share/appdata/old.xml", "<component><id>old.App</id><!-- x --></component>");
    FileTree result = PostProcessing.apply(app, ID, changes, notes::add);
    assertThat(text(result, "share/metainfo/org.example.App.metainfo.xml"))
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<component><id>org.example.App</id>"
                + "<provides><id>old.App</id></provides></component>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<component><id>a</component>",
        "<component>&secret;</component>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><component>&e;</component>",
        "",
        "text"
      })
  void namesFileLineAndColumnOfMalformedXml(String xml) {
    ExportChanges license =
        new ExportChanges("", "", "", false, "", List.of(), "", "", "MIT", false);
    FileTree app = tree("share/metainfo/org.example.App.metainfo.xml", xml);
    assertThatThrownBy(() -> PostProcessing.apply(app, ID, license, notes::add))
        .isInstanceOf(OverpakException.class)
        .hasMessageMatching(
            "(?s)/app/share/metainfo/org\\.example\\.App\\.metainfo\\.xml:1:\\d+: .*");
  }

  @Test
  void refusesXmlThatIsTooDeep() {
    ExportChanges license =
        new ExportChanges("", "", "", false, "", List.of(), "", "", "MIT", false);
    FileTree app = tree("share/metainfo/org.example.App.metainfo.xml", "<a>".repeat(100_000));
    assertThatThrownBy(() -> PostProcessing.apply(app, ID, license, notes::add))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("Maximum Element Depth");
  }

  @Test
  void namesTheLineOfAMalformedDesktopFile() {
    ExportChanges suffix = new ExportChanges("", "", "", false, "", List.of(), "", " X", "", false);
    FileTree app =
        tree("share/applications/org.example.App.desktop", "[Desktop Entry]\nnonsense\n");
    assertThatThrownBy(() -> PostProcessing.apply(app, ID, suffix, notes::add))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("/app/share/applications/org.example.App.desktop, line 2");
  }

  @Test
  void changesNothingUnlessAsked() {
    FileTree result = PostProcessing.apply(ICONS, ID, NONE, notes::add);
    assertThat(result.entries()).isEqualTo(ICONS.entries());
    assertThat(notes).isEmpty();
  }
}
