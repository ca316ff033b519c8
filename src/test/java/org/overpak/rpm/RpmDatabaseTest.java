package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Databases as values: what is changed, and what must not be.
class RpmDatabaseTest {
  private static final InstallTransaction TRANSACTION = InstallTransaction.at(1_000, "x86_64");

  @TempDir private Path directory;

  private static PackageBuilder builder(String name) {
    return new PackageBuilder(name)
        .file("/usr/one", "1")
        .file("/usr/two", "2")
        .record("./usr/one", "1")
        .record("./usr/two", "2")
        .trailer();
  }

  private PackageFile file(PackageBuilder builder) {
    return PackageFile.open(builder.write(directory));
  }

  private RpmDatabase database(String... names) {
    RpmDatabase result = RpmDatabase.EMPTY;
    for (String name : names) {
      result = result.install(List.of(Installation.whole(file(builder(name)))), TRANSACTION);
    }
    return result;
  }

  private static List<String> names(RpmDatabase database) {
    return database.packages().stream().map(each -> each.number() + each.nevra().name()).toList();
  }

  private FileTree stored(RpmDatabase database, FileTree root, long modified) {
    Path file = directory.resolve("rpmdb-" + modified);
    database.write(file);
    return RpmDatabase.store(file, root, modified);
  }

  private RpmDatabase reopened(RpmDatabase database) {
    Path file = directory.resolve("rpmdb.sqlite");
    database.write(file);
    return RpmDatabase.open(file);
  }

  @Test
  void saysWhenAndByWhomItWasInstalled() {
    var whole = Installation.whole(file(builder("a")));
    List<InstalledPackage> packages =
        reopened(RpmDatabase.EMPTY.install(List.of(whole, whole), TRANSACTION)).packages();
    assertThat(packages).extracting(InstalledPackage::transaction).containsExactly(1_000L, 1_000L);
    assertThat(packages).extracting(InstalledPackage::installTime).containsExactly(1_000L, 1_001L);
    Header header = packages.getFirst().header().header();
    assertThat(header.number(Tag.INSTALLCOLOR, -1)).isEqualTo(3);
    assertThat(header.digest(org.overpak.Digest.Algorithm.SHA256).hex())
        .isEqualTo(header.string(Tag.SHA256HEADER));
  }

  @Test
  void emptyIsADatabaseToo() {
    assertThat(reopened(RpmDatabase.EMPTY).packages()).isEmpty();
    assertThat(
            names(
                reopened(RpmDatabase.EMPTY)
                    .install(List.of(Installation.whole(file(builder("a")))), TRANSACTION)))
        .containsExactly("1a");
  }

  @Test
  void numbersAreNotGivenTwice() {
    RpmDatabase database = database("a", "b", "c").erase(Set.of(2, 3));
    assertThat(names(database)).containsExactly("1a");
    RpmDatabase next =
        reopened(database).install(List.of(Installation.whole(file(builder("d")))), TRANSACTION);
    assertThat(names(next)).containsExactly("1a", "4d");
    // Not even where nothing is left.
    RpmDatabase nothing = reopened(next.erase(Set.of(1, 4)));
    assertThat(names(nothing)).isEmpty();
    assertThat(names(nothing.install(List.of(Installation.whole(file(builder("e")))), TRANSACTION)))
        .containsExactly("5e");
  }

  @Test
  void statesOfFilesAreKeptAndChanged() {
    var installation =
        new Installation(
            file(builder("a")), List.of(FileState.WRONG_COLOR, FileState.NOT_INSTALLED));
    RpmDatabase database =
        reopened(RpmDatabase.EMPTY.install(List.of(installation, installation), TRANSACTION));
    assertThat(database.packages())
        .allSatisfy(
            each ->
                assertThat(each.fileStates())
                    .containsExactly(FileState.WRONG_COLOR, FileState.NOT_INSTALLED));
    List<FileState> states = List.of(FileState.REPLACED, FileState.NET_SHARED);
    List<InstalledPackage> changed = reopened(database.withStates(2, states)).packages();
    assertThat(changed.get(0).fileStates()).startsWith(FileState.WRONG_COLOR);
    assertThat(changed.get(1).fileStates()).isEqualTo(states);
  }

  @Test
  void refusesStatesThatAreNotOneForEachFile() {
    assertThatThrownBy(() -> new Installation(file(builder("a")), List.of(FileState.NORMAL)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> database("a").withStates(1, List.of(FileState.NORMAL)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// What nobody signed must not stand in for what somebody signed.
  @Test
  void refusesHeadersWithWhatBelongsToTheOther() {
    refuses(header -> header.int32(Tag.INSTALLTIME, 5), "INSTALLTIME, which only installing adds");
    refuses(header -> header.int32(Tag.SIGSIZE, 5), "SIGSIZE");
    refuses(
        header -> header.string(Tag.SHA1HEADER, "00".repeat(20)), "SHA1HEADER, which is the sig");
  }

  private void refuses(UnaryOperator<HeaderBuilder> change, String said) {
    PackageFile file = file(builder("a").finally_(change));
    assertThatThrownBy(
            () -> RpmDatabase.EMPTY.install(List.of(Installation.whole(file)), TRANSACTION))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PACKAGE))
        .hasMessageContaining(said);
  }

  @Test
  void whatCannotBeWrittenLeavesWhatWasThere() throws IOException {
    Path nowhere = directory.resolve("nowhere/rpmdb.sqlite");
    assertThatThrownBy(() -> database("a").write(nowhere))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FILESYSTEM));
    Path full = Files.createDirectory(directory.resolve("rpmdb.sqlite"));
    Files.writeString(full.resolve("x"), "x");
    assertThatThrownBy(() -> database("a").write(full)).isInstanceOf(OverpakException.class);
    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder("rpmdb.sqlite", "test.rpm");
    }
  }

  @ParameterizedTest
  @CsvSource({
    ", , usr/lib/sysimage/rpm",
    "/var/lib/rpm, , var/lib/rpm",
    "/var/lib/rpm, var/lib/rpm -> ../../usr/lib/sysimage/rpm, usr/lib/sysimage/rpm",
    "/usr/lib/sysimage/rpm, , usr/lib/sysimage/rpm",
    "%{_var}/db, , var/db",
    "%(echo /x), , usr/lib/sysimage/rpm",
    "/loop/rpm, loop -> loop, usr/lib/sysimage/rpm",
  })
  void isStoredWhereTheRootsRpmLooks(String macro, String link, String expected) {
    FileTree root = FileTree.EMPTY;
    if (macro != null) {
      root =
          root.with(
              new TreePath("usr/lib/rpm/macros"),
              new Entry.RegularFile(
                  Attributes.of(0644, 0), Content.of("%_dbpath " + macro + "\n")));
    }
    if (link != null) {
      String[] ends = link.split(" -> ", -1);
      root = root.with(new TreePath(ends[0]), new Entry.Symlink(Attributes.of(0777, 0), ends[1]));
    }
    FileTree stored = stored(database("a", "b"), root, 77);
    var file = new TreePath(expected).resolve("rpmdb.sqlite");
    assertThat(RpmDatabase.find(stored)).contains(file);
    assertThat(stored.get(file).orElseThrow().attributes()).isEqualTo(Attributes.of(0644, 77));
    assertThat(names(RpmDatabase.open(stored, directory.resolve("copy"))))
        .containsExactly("1a", "2b");
  }

  @Test
  void isStoredInThePlaceOfAnother() {
    FileTree root = stored(database("a"), FileTree.EMPTY, 1);
    FileTree moved =
        root.subtree(new TreePath("usr/lib/sysimage")).under(new TreePath("usr/share"));
    for (String leftover : List.of(".rpm.lock", "rpmdb.sqlite-wal", "rpmdb.sqlite-shm")) {
      moved =
          moved.with(
              new TreePath("usr/share/rpm").resolve(leftover),
              new Entry.RegularFile(Attributes.of(0644, 0), Content.of("")));
    }
    FileTree stored = stored(database("b"), moved, 2);
    assertThat(stored.list(new TreePath("usr/share/rpm"))).containsExactly("rpmdb.sqlite");
    assertThat(stored.contains(new TreePath("usr/lib/sysimage"))).isFalse();
  }
}
