package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

class SplitRefsTest {
  private static final Ref APP = Ref.parse("app/org.example.App/x86_64/stable");
  private static final Ref RUNTIME = Ref.parse("runtime/org.example.Platform/x86_64/1");
  private static final Metadata METADATA = Metadata.ofApp(APP, RUNTIME, RUNTIME);
  private static final SplitRefs ALL = new SplitRefs(true, true, List.of());

  private static FileTree files(String... paths) {
    Map<TreePath, Entry> files = new HashMap<>();
    for (String path : paths) {
      files.put(
          new TreePath(path), new Entry.RegularFile(Attributes.of(0644, 0), Content.of(path)));
    }
    return FileTree.of(files);
  }

  @Test
  void splitsNothingOffWhereThereIsNothing() {
    FileTree files = files("bin/app", "share/locale/en/LC_MESSAGES/app.mo");
    SplitRefs.Divided divided = ALL.divide(ALL.arranged(files), APP, METADATA);
    assertThat(divided.extensions()).isEmpty();
    assertThat(divided.files().entries()).isEqualTo(files.entries());
    assertThat(divided.metadata()).isEqualTo(METADATA);
  }

  @Test
  void splitsNothingOffUnlessAsked() {
    FileTree files = files("lib/debug/bin/app.debug", "share/locale/de/LC_MESSAGES/app.mo");
    var none = new SplitRefs(false, false, List.of());
    assertThat(none.arranged(files)).isSameAs(files);
    assertThat(none.placed(files("usr/lib/debug/x")).contains(new TreePath("usr/lib/debug/x")))
        .isTrue();
    assertThat(none.divide(files, APP, METADATA).extensions()).isEmpty();
  }

  @Test
  void localesBehindALinkAreFoundThroughIt() {
    FileTree files =
        files("share/translations/de/LC_MESSAGES/app.mo")
            .with(
                new TreePath("share/locale"),
                new Entry.Symlink(Attributes.of(0777, 0), "translations"));
    FileTree arranged = ALL.arranged(files);
    assertThat(arranged.resolve(new TreePath("share/locale/de/LC_MESSAGES/app.mo")).value())
        .isEqualTo("share/runtime/locale/de/share/de/LC_MESSAGES/app.mo");
  }

  @Test
  void debugFilesOfPackagesBelongToTheApp() {
    FileTree placed = ALL.placed(files("usr/lib/debug/app/bin/app.debug", "usr/share/doc/x"));
    assertThat(placed.contains(new TreePath("app/lib/debug/app/bin/app.debug"))).isTrue();
    assertThat(placed.contains(new TreePath("usr/share/doc/x"))).isTrue();
    SplitRefs.Divided divided = ALL.divide(placed.subtree(new TreePath("app")), APP, METADATA);
    assertThat(divided.files().list(new TreePath("lib/debug"))).isEmpty();
    assertThat(divided.files().get("lib/debug")).containsInstanceOf(Entry.Directory.class);
    assertThat(divided.extensions().getFirst().files().contains(new TreePath("app/bin/app.debug")))
        .isTrue();
  }

  @Test
  void refusesAnExtensionThatIsThereAlready() {
    Metadata taken =
        Metadata.of(
            METADATA.keyfile().with("Extension org.example.App.Debug", "directory", "lib/x"));
    assertThatThrownBy(() -> ALL.divide(files("lib/debug/x"), APP, taken))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("org.example.App.Debug already");
  }

  @Test
  void refusesToBundleNothing() {
    var bundling =
        new SplitRefs(
            false, false, List.of(new SplitRefs.Bundled("org.example.App.Plugin", "lib/x", "")));
    assertThatThrownBy(() -> bundling.divide(files("bin/app"), APP, METADATA))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("there is nothing in /lib/x of the app");
  }
}
