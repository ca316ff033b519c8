package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

class HeaderTableTest {
  @TempDir private Path directory;

  private Path database(String... statements) throws SQLException {
    Path file = directory.resolve("a database?#%20.sqlite");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return file;
  }

  private static void refuses(Path file, String said) {
    assertThatThrownBy(() -> RpmDatabase.open(file))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE))
        .hasMessageContaining(said);
  }

  private static final String TABLE =
      "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)";

  @Test
  void readsHeadersWhateverTheFileIsCalled() throws SQLException {
    Path file = directory.resolve("a database?#%20.sqlite");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      connection.createStatement().execute(TABLE);
      var insert = connection.prepareStatement("INSERT INTO Packages VALUES (?, ?)");
      for (int number : new int[] {7, 3}) {
        insert.setInt(1, number);
        insert.setBytes(2, HeaderBuilder.ofPackage("p" + number).blob());
        insert.execute();
      }
    }
    var packages = RpmDatabase.open(file).packages();
    assertThat(packages).extracting(InstalledPackage::number).containsExactly(3, 7);
    assertThat(packages.getFirst().nevra()).hasToString("p3-1-2.noarch");
    assertThat(packages.getFirst().fileStates()).isEmpty();
  }

  @Test
  void refusesAViewThatCallsItselfTheTable() throws SQLException {
    refuses(
        database("CREATE VIEW Packages AS SELECT 1 AS hnum, x'00' AS blob"),
        "there is no table of packages");
  }

  @Test
  void refusesRowsThatAreNoHeaders() throws SQLException {
    refuses(
        database(TABLE, "INSERT INTO Packages VALUES (5, x'0000000100000010')"),
        "package 5: header says it is 40 bytes long, but is 8");
  }

  @Test
  void refusesText() throws SQLException {
    refuses(database(TABLE, "INSERT INTO Packages VALUES (5, 'text')"), "package 5 has no header");
  }

  @Test
  void refusesADamagedFile() throws SQLException, IOException {
    Path file = database(TABLE, "INSERT INTO Packages VALUES (5, zeroblob(20000))");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, 6000));
    refuses(file, "cannot be read");
  }
}
