package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.overpak.OverpakException;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

class HybridLayoutTest {
  private static final Metadata METADATA =
      Metadata.parse("[Runtime]\nname=org.example.Platform\n", "metadata");

  private static final FileTree ROOT =
      TreeText.parse(
          """
          l bin -> usr/bin
          l lib64 -> usr/lib64
          d 0555 usr/bin
          f 0755 usr/bin/sh shell
          d 0755 usr/etc
          f 0644 usr/lib64/libc.so.6 c
          f 0644 usr/lib/os-release NAME=x
          l etc/os-release -> ../usr/lib/os-release
          l etc/a/b -> ../c
          l etc/a/mtab -> ../../proc/self/mounts
          f 0644 etc/c c
          f 0644 etc/ld.so.conf include ld.so.conf.d/*.conf
          f 0644 etc/yum.repos.d/build.repo secret
          f 0644 etc/zypp/repos.d/build.repo secret
          f 0644 var/lib/rpm/rpmdb.sqlite db
          f 0644 var/lib/other/x 12
          f 0644 var/lib/other/deep/y 345
          f 0644 boot/vmlinuz 1
          l var/run -> ../run
          d 0755 opt
          """);

  private static FileTree plain() {
    return CommitTree.ofRuntime(RuntimeFiles.of(ROOT).files(), METADATA, 1);
  }

  private static FileTree hybrid() {
    return HybridLayout.addTo(plain(), 1);
  }

  @Test
  void runtimeTakesUsrEtcAndTheDatabaseAndReportsTheRest() {
    RuntimeFiles files = RuntimeFiles.of(ROOT);
    assertThat(TreeText.show(files.files()))
        .contains(
            "f 0755 bin/sh shell\n",
            "l etc/a/b -> ../c\n",
            "l etc/a/mtab -> /proc/self/mounts\n",
            "l etc/os-release -> /usr/lib/os-release\n",
            "f 0644 lib/sysimage/rpm/rpmdb.sqlite db\n",
            "/app/lib64\n")
        .doesNotContain("secret");
    assertThat(files.files().contains(new TreePath("etc/zypp/repos.d"))).isTrue();
    assertThat(files.files().contains(new TreePath("etc/yum.repos.d"))).isTrue();
    assertThat(files.dropped())
        .containsExactly(
            new RuntimeFiles.Dropped(new TreePath("boot"), 1, 1),
            new RuntimeFiles.Dropped(new TreePath("var/lib/other"), 2, 5));
  }

  @Test
  void refusesFilesThatTheLayoutWouldHide() {
    for (String hidden : new String[] {"f 0644 usr/etc/x y", "f 0644 lib/modules/x y"}) {
      assertThatThrownBy(() -> RuntimeFiles.of(TreeText.parse(hidden)))
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("/x");
    }
  }

  @Test
  void linkerConfigurationStaysWhereItIsMeantForFlatpak() {
    for (String meant : new String[] {"", "include /app/etc/ld.so.conf"}) {
      FileTree root = ROOT.overlay(TreeText.parse("f 0644 etc/ld.so.conf " + meant));
      assertThat(TreeText.show(RuntimeFiles.of(root).files()))
          .contains("etc/ld.so.conf " + meant + "\n");
    }
  }

  @Test
  void hybridIsTheCommitAndASystem() {
    String shown = TreeText.show(hybrid());
    assertThat(shown)
        .contains(
            "l bin -> usr/bin\n",
            "l etc -> files/etc\n",
            "l lib -> usr/lib\n",
            "l usr -> files\n",
            "l var/lib/rpm -> ../../usr/lib/sysimage/rpm\n",
            "l var/run -> ../run\n",
            "d 0755 root\n",
            "d 1777 tmp\n",
            "f 0644 metadata [Runtime]")
        .doesNotContain("l sbin", "export", "deploy");
    assertThat(hybrid().resolve(new TreePath("etc/os-release")))
        .isEqualTo(new TreePath("files/lib/os-release"));
    assertThat(hybrid().resolve(new TreePath("var/lib/rpm/rpmdb.sqlite")))
        .isEqualTo(new TreePath("files/lib/sysimage/rpm/rpmdb.sqlite"));
    assertThat(hybrid().resolve(new TreePath("usr/lib64/libc.so.6")))
        .isEqualTo(new TreePath("files/lib64/libc.so.6"));
  }

  @Test
  void convertingThereAndBackChangesNothing() {
    FileTree hybrid = hybrid();
    assertThat(HybridLayout.addTo(hybrid, 9).entries()).isEqualTo(hybrid.entries());
    assertThat(TreeText.show(HybridLayout.removeFrom(hybrid))).isEqualTo(TreeText.show(plain()));
  }

  @Test
  void systemRootIsTheSameOfBothLayouts() {
    FileTree root = HybridLayout.systemRoot(hybrid());
    assertThat(TreeText.show(HybridLayout.systemRoot(plain()))).isEqualTo(TreeText.show(root));
    assertThat(TreeText.show(root))
        .contains(
            "f 0755 usr/bin/sh shell\n",
            "f 0644 etc/c c\n",
            "l bin -> usr/bin\n",
            "f 0644 usr/lib/sysimage/rpm/rpmdb.sqlite db\n")
        .doesNotContain("files", "metadata");
    assertThat(root.resolve(new TreePath("var/lib/rpm")))
        .isEqualTo(new TreePath("usr/lib/sysimage/rpm"));
    assertThat(root.resolve(new TreePath("etc/os-release")))
        .isEqualTo(new TreePath("usr/lib/os-release"));
  }

  @Test
  void refusesWhatIsNoRuntime() {
    for (String other :
        new String[] {"f 0755 usr/bin/sh x", "l files -> usr", "f 0644 files x", "d 0755 files"}) {
      assertThatThrownBy(() -> HybridLayout.systemRoot(TreeText.parse(other)))
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("/files");
    }
    FileTree occupied = plain().overlay(TreeText.parse("f 0644 usr/bin/sh x"));
    assertThatThrownBy(() -> HybridLayout.addTo(occupied, 0))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("/usr is in the way");
  }
}
