package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

class DatabaseDirectoryTest {
  private static Entry file(String text) {
    return new Entry.RegularFile(Attributes.of(0644, 0), Content.of(text));
  }

  private static FileTree with(FileTree tree, String path, Entry entry) {
    return tree.with(new TreePath(path), entry);
  }

  private static FileTree database(String path) {
    return with(FileTree.EMPTY, path, file("SQLite format 3\0"));
  }

  private static String find(FileTree root) {
    return RpmDatabase.find(root).map(TreePath::toString).orElse("none");
  }

  @Test
  void looksWhereDistributionsHaveIt() {
    assertThat(find(FileTree.EMPTY)).isEqualTo("none");
    for (String directory : new String[] {"usr/lib/sysimage/rpm", "var/lib/rpm", "usr/share/rpm"}) {
      assertThat(find(database(directory + "/rpmdb.sqlite")))
          .isEqualTo("/" + directory + "/rpmdb.sqlite");
    }
  }

  @Test
  void theRootsOwnMacrosCountFirst() {
    FileTree root = database("var/lib/rpm/rpmdb.sqlite");
    root = with(root, "opt/db/rpmdb.sqlite", file(""));
    root = with(root, "usr/lib/rpm/macros", file("%_opt /opt\n%_dbpath\t%{_var}/lib/rpm\n"));
    assertThat(find(root)).isEqualTo("/var/lib/rpm/rpmdb.sqlite");
    root = with(root, "etc/rpm/macros.db", file("%_dbpath %{_opt}/db\n"));
    assertThat(find(root)).isEqualTo("/opt/db/rpmdb.sqlite");
  }

  @Test
  void macrosThatAreProgramsAreNotRun() {
    FileTree root = database("usr/share/rpm/rpmdb.sqlite");
    for (String value :
        new String[] {
          "%(echo /opt)", "%{lua:x}", "%{?nothing}", "%{_dbpath}", "relative", "/../.."
        }) {
      assertThat(find(with(root, "etc/rpm/macros", file("%_dbpath " + value + "\n"))))
          .isEqualTo("/usr/share/rpm/rpmdb.sqlite");
    }
  }

  @Test
  void linksAreFollowedInsideTheRoot() {
    FileTree root = database("usr/lib/sysimage/rpm/rpmdb.sqlite");
    root =
        with(
            root,
            "var/lib/rpm",
            new Entry.Symlink(Attributes.of(0777, 0), "../../../../usr/lib/sysimage/rpm"));
    root = with(root, "usr/lib/rpm/macros", file("%_dbpath %_var/lib/rpm\n"));
    assertThat(find(root)).isEqualTo("/usr/lib/sysimage/rpm/rpmdb.sqlite");
  }

  @Test
  void otherFormatsAreNamed(@TempDir Path scratch) {
    byte[] berkeley = new byte[512];
    berkeley[12] = 0x61;
    berkeley[13] = 0x15;
    berkeley[14] = 0x06;
    FileTree root =
        with(
            FileTree.EMPTY,
            "var/lib/rpm/Packages",
            new Entry.RegularFile(Attributes.of(0644, 0), Content.of(berkeley)));
    assertThatThrownBy(() -> RpmDatabase.open(root, scratch))
        .isInstanceOfSatisfying(
            OverpakException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE);
              assertThat(e.advice()).contains("--rebuilddb");
            })
        .hasMessageContaining("Berkeley DB");
    assertThatThrownBy(
            () ->
                RpmDatabase.open(
                    with(FileTree.EMPTY, "var/lib/rpm/Packages.db", file("RpmP....")), scratch))
        .hasMessageContaining("ndb");
    assertThatThrownBy(() -> RpmDatabase.open(FileTree.EMPTY, scratch))
        .hasMessageContaining("no RPM database");
    assertThatThrownBy(
            () ->
                RpmDatabase.open(
                    with(FileTree.EMPTY, "var/lib/rpm/rpmdb.sqlite", file("hello")), scratch))
        .hasMessageContaining("not an RPM database");
  }
}
