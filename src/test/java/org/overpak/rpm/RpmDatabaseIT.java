package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What is read from RPM databases, and what `rpm -qa` says of the same ones.
class RpmDatabaseIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final TreePath DIRECTORY = new TreePath("usr/lib/sysimage/rpm");

  private static Path distroDatabase() {
    return Project.distro().resolve("root").resolve(DIRECTORY.value()).resolve("rpmdb.sqlite");
  }

  /// A copy that may be changed, with nothing but the database in its directory.
  private static Path copy(Path directory) throws IOException {
    return Files.copy(distroDatabase(), directory.resolve("rpmdb.sqlite"));
  }

  private static List<String> query(Path database, String format) {
    List<String> line = new ArrayList<>(List.of("--dbpath", String.valueOf(database.getParent())));
    line.addAll(List.of("-qa", "--qf", format));
    return RPM.run(line).lines();
  }

  @Test
  void packagesAreThoseOfRpm(@TempDir Path directory) throws IOException {
    Path database = copy(directory);
    var opened = RpmDatabase.open(distroDatabase());
    Map<String, String> theirs =
        map(query(database, "%{DBINSTANCE}=%{NAME}|%{EVR}|%{ARCH}|%{INSTALLTIME}\n"));
    Map<String, String> ours = new LinkedHashMap<>();
    Stream.concat(opened.packages().stream(), opened.keys().stream())
        .forEach(each -> ours.put(Integer.toString(each.number()), describe(each)));
    assertThat(opened.keys()).hasSize(1);
    RPM.compare("installed packages", theirs, ours);

    ours.remove(ours.keySet().iterator().next());
    RPM.distinguishes("a missing package", "installed packages", theirs, ours);
  }

  @Test
  void filesAndStatesAreThoseOfRpm(@TempDir Path directory) throws IOException {
    Map<String, String> theirs =
        map(query(copy(directory), "[%{=DBINSTANCE} %{FILENAMES}=%{FILESTATES:fstate}\n]"));
    Map<String, String> ours = new LinkedHashMap<>();
    for (InstalledPackage each : RpmDatabase.open(distroDatabase()).packages()) {
      List<FileInfo> files = each.header().files();
      List<FileState> states = each.fileStates();
      for (int i = 0; i < files.size(); i++) {
        ours.put(
            each.number() + " " + files.get(i).path(),
            switch (states.get(i)) {
              case NORMAL -> "normal";
              case REPLACED -> "replaced";
              case NOT_INSTALLED -> "not installed";
              case NET_SHARED -> "net shared";
              case WRONG_COLOR -> "wrong color";
              case UNKNOWN -> "(unknown)";
            });
      }
    }
    RPM.compare("installed files", theirs, ours);
  }

  @Test
  void changesInTheLogCount(@TempDir Path directory) throws IOException, SQLException {
    Path database = copy(directory);
    int all = RpmDatabase.open(database).packages().size();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("DELETE FROM Packages WHERE hnum = (SELECT max(hnum) FROM Packages)");
      assertThat(Files.size(directory.resolve("rpmdb.sqlite-wal"))).isPositive();
      byte[] before = Files.readAllBytes(database);
      assertThat(RpmDatabase.open(database).packages()).hasSize(all - 1);
      assertThat(Files.readAllBytes(database)).isEqualTo(before);
      assertThat(query(database, "%{NAME}\n")).hasSize(all - 1 + 1);
    }
  }

  @Test
  void readsTheDatabaseOfATree(@TempDir Path scratch) {
    FileTree root = FileTree.ofDirectory(Project.distro().resolve("root"));
    assertThat(RpmDatabase.find(root)).contains(DIRECTORY.resolve("rpmdb.sqlite"));
    assertThat(RpmDatabase.open(root, scratch).packages())
        .hasSameSizeAs(RpmDatabase.open(distroDatabase()).packages());
  }

  @Test
  void aChangedHeaderIsRefused(@TempDir Path directory) throws IOException, SQLException {
    Path database = copy(directory);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      byte[] blob;
      int number;
      try (var rows =
          statement.executeQuery(
              "SELECT hnum, blob FROM Packages WHERE hnum ="
                  + " (SELECT hnum FROM Name WHERE key = 'bash')")) {
        rows.next();
        number = rows.getInt(1);
        blob = rows.getBytes(2);
      }
      int at = new String(blob, StandardCharsets.ISO_8859_1).indexOf("bash\0");
      blob[at + 1] = 'o';
      try (var update =
          connection.prepareStatement("UPDATE Packages SET blob = ? WHERE hnum = ?")) {
        update.setBytes(1, blob);
        update.setInt(2, number);
        update.execute();
      }
    }
    assertThat(query(database, "%{NAME}\n")).doesNotContain("bash", "bosh");
    RPM.rejected("a header with one letter changed");
    assertThatThrownBy(() -> RpmDatabase.open(database))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("but must be");
  }

  private static Map<String, String> map(List<String> lines) {
    return lines.stream()
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf('=')),
                line -> line.substring(line.lastIndexOf('=') + 1),
                (a, _) -> a,
                LinkedHashMap::new));
  }

  private static String describe(InstalledPackage installed) {
    Nevra nevra = installed.nevra();
    String arch = nevra.arch().isEmpty() ? "(none)" : nevra.arch();
    return String.join(
        "|", nevra.name(), nevra.evr().toString(), arch, Long.toString(installed.installTime()));
  }
}
