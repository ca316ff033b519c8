package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.overpak.OverpakException;
import org.overpak.gvariant.Variant;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.FileTree;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

class CommitTreeTest {
  private static final Metadata APP =
      Metadata.parse(
          """
          [Application]
          name=org.example.App
          runtime=org.example.Platform/x86_64/1

          [Extension org.example.App.Plugin]
          directory=share/plugins
          """,
          "metadata");

  @Test
  void modesBecomeCanonicalAndLinksStay() {
    FileTree app =
        TreeText.parse(
            """
            d 0700 bin
            f 4711 bin/app x
            h bin/app2 = bin/app
            f 0655 share/doc/readme y
            l lib64 -> lib
            """);
    FileTree exports = TreeText.parse("f 0600 share/applications/org.example.App.desktop z");
    assertThat(TreeText.show(CommitTree.ofApp(app, APP, exports, 7)))
        .isEqualTo(
            """
            d 0755\s
            d 0755 export
            d 0755 export/share
            d 0755 export/share/applications
            f 0644 export/share/applications/org.example.App.desktop z
            d 0755 files
            d 0755 files/bin
            f 0755 files/bin/app x
            h files/bin/app2 = files/bin/app
            l files/lib64 -> lib
            d 0755 files/share
            d 0755 files/share/doc
            f 0644 files/share/doc/readme y
            d 0755 files/share/plugins
            f 0644 metadata %s
            """
                .formatted(APP.text()));
  }

  @Test
  void ownersTimesAndExtendedAttributesAreCanonical() {
    var attributes =
        new Attributes(
            0640,
            new Owner(7, 8),
            9,
            new TreeMap<>(Map.of("user.x", new ExtendedAttribute(new byte[] {1}))));
    FileTree tree = FileTree.of(Map.of(new TreePath("d/l"), new Entry.Symlink(attributes, "x")));
    CommitTree.canonical(tree.with(new TreePath("d"), new Entry.Directory(attributes)), 5)
        .entries()
        .values()
        .forEach(
            entry ->
                assertThat(entry.attributes())
                    .isEqualTo(Attributes.of(entry instanceof Entry.Symlink ? 0777 : 0755, 5)));
  }

  @Test
  void refusesDevicesAndNamesThem() {
    var fifo = new Entry.Special(Attributes.of(0644, 0), Entry.Special.Kind.FIFO, 0, 0);
    FileTree app = FileTree.of(Map.of(new TreePath("run/pipe"), fifo));
    assertThatThrownBy(() -> CommitTree.ofApp(app, APP, FileTree.EMPTY, 0))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("/files/run/pipe is a fifo");
  }

  @Test
  void refusesExtensionsThatCannotBeMounted() {
    for (String taken : new String[] {"f 0644 share/plugins x", "f 0644 share x"}) {
      assertThatThrownBy(() -> CommitTree.ofApp(TreeText.parse(taken), APP, FileTree.EMPTY, 0))
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("org.example.App.Plugin");
    }
    Metadata hostile =
        Metadata.parse(APP.text().replace("share/plugins", "../../plugins"), "metadata");
    assertThatThrownBy(() -> CommitTree.ofRuntime(FileTree.EMPTY, hostile, 0))
        .isInstanceOf(OverpakException.class);
  }

  @Test
  void installedSizeCountsBlocks() {
    FileTree tree =
        TreeText.parse("f 0644 a\nf 0644 b x\nl c -> b\nd 0755 d\nf 0644 e " + "x".repeat(513));
    assertThat(CommitTree.installedSize(tree)).isEqualTo(512 + 1024);
  }

  @Test
  void labelsCarryRefMetadataAndCommit() {
    Ref ref = Ref.parse("app/org.example.App/x86_64/stable");
    Map<String, String> labels = ImageLabels.of(ref, APP, 2560, 100, 1700000000L).toMap();
    assertThat(ImageLabels.ref(labels)).isEqualTo(ref);
    assertThat(ImageLabels.metadata(labels)).isEqualTo(APP);
    assertThat(labels)
        .containsEntry("org.flatpak.commit-metadata.xa.installed-size", "AAAAAAAACgAAdA==")
        .containsEntry("org.flatpak.timestamp", "1700000000")
        .containsEntry("org.flatpak.subject", "Export org.example.App");
    assertThat(ImageLabels.decode(labels))
        .containsEntry("xa.metadata", Variant.string(APP.text()))
        .containsEntry("xa.download-size", Variant.UInt64.bigEndian(100));
  }

  @Test
  void namesTheLabelThatIsWrong() {
    assertThatThrownBy(() -> ImageLabels.ref(Map.of()))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("org.flatpak.ref");
    for (String wrong : new String[] {"?", "AA==", "AABq"}) {
      assertThatThrownBy(
              () -> ImageLabels.decode(Map.of("org.flatpak.commit-metadata.xa.ref", wrong)))
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("label org.flatpak.commit-metadata.xa.ref");
    }
  }

  @Test
  void refusesMalformedExtraData() {
    Ref ref = Ref.parse("app/org.example.App/x86_64/stable");
    String[] wrong = {
      "uri=ftp://x/y\n", "uri=https://x/\nchecksum=1\n", "uri=https://x/y\nchecksum=1\nsize=2\n"
    };
    for (String keys : wrong) {
      Metadata metadata = Metadata.parse(APP.text() + "\n[Extra Data]\n" + keys, "metadata");
      assertThatThrownBy(() -> ImageLabels.of(ref, metadata, 0, 0, 0).toMap())
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("[Extra Data]");
    }
  }
}
