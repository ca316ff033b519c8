package org.overpak.rpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Writes an `rpmdb.sqlite` from nothing: the same rows always give the same bytes.
///
/// One table after the other, so that each lies in one piece; at rest, not in WAL mode, so that it
/// can be read where nothing can be written.
final class DatabaseFile {
  private static final String PACKAGES =
      "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)";

  private final Connection connection;

  private DatabaseFile(Connection connection) {
    this.connection = connection;
  }

  /// Writes PACKAGES, which are in the order of their numbers, to FILE, which appears when it is
  /// complete.
  ///
  /// @param lastNumber the highest that was ever given, which rpm does not give again
  static void write(Path file, List<InstalledPackage> packages, int lastNumber) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      Path scratch = Files.createTempFile(directory, "rpmdb", ".sqlite");
      try {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + scratch)) {
          new DatabaseFile(connection).fill(packages, lastNumber);
        }
        Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(scratch);
      }
    } catch (IOException | SQLException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          file + ": the RPM database cannot be written: " + e.getMessage(),
          "Check that its directory is there, is writable and has room.",
          e);
    }
  }

  private void fill(List<InstalledPackage> packages, int lastNumber) throws SQLException {
    // No journal: a file that was not completed is thrown away.
    execute("PRAGMA page_size = 4096", "PRAGMA encoding = 'UTF-8'", "PRAGMA journal_mode = OFF");
    // No leftovers of one page in another.
    execute("PRAGMA synchronous = OFF", "PRAGMA secure_delete = ON");
    connection.setAutoCommit(false);
    execute(PACKAGES);
    for (IndexTable table : IndexTable.values()) {
      execute(table.creation());
    }
    insertHeaders(packages, lastNumber);
    for (IndexTable table : IndexTable.values()) {
      insertKeys(table, packages);
      execute(table.indexCreations().toArray(String[]::new));
    }
    connection.commit();
  }

  private void insertHeaders(List<InstalledPackage> packages, int lastNumber) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO 'Packages' VALUES (?, ?)")) {
      for (InstalledPackage each : packages) {
        insert.setInt(1, each.number());
        insert.setBytes(2, each.header().header().blob());
        insert.executeUpdate();
      }
    }
    // SQLite has a row for the table once something was put into it.
    String sequence =
        packages.isEmpty()
            ? "INSERT INTO sqlite_sequence SELECT 'Packages', ?1 WHERE ?1 > 0"
            : "UPDATE sqlite_sequence SET seq = ?1";
    try (PreparedStatement keep = connection.prepareStatement(sequence)) {
      keep.setInt(1, lastNumber);
      keep.executeUpdate();
    }
  }

  private void insertKeys(IndexTable table, List<InstalledPackage> packages) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(table.insertion())) {
      for (InstalledPackage each : packages) {
        for (IndexKey row : IndexKey.of(table, each.header().header())) {
          insert.setBytes(1, row.key());
          insert.setInt(2, each.number());
          insert.setInt(3, row.position());
          insert.executeUpdate();
        }
      }
    }
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
