package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.overpak.OverpakException;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

class ExportsTest {
  @Test
  void exportsWhatIsNamedAfterTheAppAndSaysWhatIsNot() {
    FileTree app =
        TreeText.parse(
            """
            f 0644 share/applications/org.t.App.desktop #1
            f 0644 share/applications/app.desktop 2
            f 0644 share/applications/.hidden.desktop 3
            l share/applications/org.t.App.Link.desktop -> org.t.App.desktop
            f 0644 share/icons/hicolor/scalable/apps/org.t.App-symbolic.svg <svg/>
            f 0644 share/icons/hicolor/index.theme 5
            f 0644 share/dbus-1/services/org.t.Owned.service 6
            f 0644 share/dbus-1/services/org.t.App-x.service 7
            f 0644 share/appdata/org.t.App.appdata.xml 8
            f 0644 share/other/org.t.App.desktop 9
            """);
    Exports exports = Exports.collect(app, "org.t.App", List.of("org.t.Owned"));
    assertThat(TreeText.show(exports.tree()))
        .isEqualTo(
            """
            d 0755 share
            f 0644 share/applications/org.t.App.desktop #1
            d 0755 share/dbus-1
            f 0644 share/dbus-1/services/org.t.Owned.service 6
            f 0644 share/icons/hicolor/scalable/apps/org.t.App-symbolic.svg <svg/>
            f 0644 share/metainfo/org.t.App.appdata.xml 8
            """);
    assertThat(exports.skipped())
        .extracting(Exports.Skipped::path)
        .containsExactly(
            new TreePath("share/applications/app.desktop"),
            new TreePath("share/applications/org.t.App.Link.desktop"),
            new TreePath("share/icons/hicolor/index.theme"),
            new TreePath("share/dbus-1/services/org.t.App-x.service"));
  }

  @Test
  void followsTheWayToADirectoryOfExports() {
    FileTree app = TreeText.parse("l share -> data\nf 0644 data/applications/org.t.App.desktop #");
    assertThat(TreeText.show(Exports.collect(app, "org.t.App", List.of()).tree()))
        .contains("share/applications/org.t.App.desktop #");
  }

  @Test
  void refusesAFileWhereADirectoryMustBe() {
    for (String wrong : new String[] {"f 0644 share/icons x", "l share -> share"}) {
      assertThatThrownBy(() -> Exports.collect(TreeText.parse(wrong), "org.t.App", List.of()))
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("share/");
    }
  }
}
