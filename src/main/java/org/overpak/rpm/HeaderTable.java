package org.overpak.rpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/// The table `Packages` of an `rpmdb.sqlite`, in which the headers are; all other tables are
/// indexes to it.
///
/// @param lastNumber the highest that a row ever had
record HeaderTable(List<HeaderRow> rows, int lastNumber) {
  /// The largest header that rpm accepts (header.cc, `headerMaxbytes`).
  static final int LARGEST = 256 << 20;

  /// All rows, in order.
  static HeaderTable read(Path file) {
    try {
      if (isPending(file, "-wal") || isPending(file, "-journal")) {
        return readCopy(file);
      }
      return read(file, true);
    } catch (IOException e) {
      throw PackageFile.unreadable(file, e);
    } catch (SQLException e) {
      throw damaged(file, e);
    }
  }

  private static OverpakException damaged(Path file, SQLException e) {
    return new OverpakException(
        ExitCode.IMAGE,
        file + ": the RPM database cannot be read: " + e.getMessage(),
        "Take an image whose RPM database passes 'rpmdb --verifydb'.",
        e);
  }

  /// Whether the database was left with changes that only its companion has.
  private static boolean isPending(Path file, String suffix) throws IOException {
    Path companion = companion(file, suffix);
    return Files.exists(companion) && Files.size(companion) > 0;
  }

  private static Path companion(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /// SQLite applies pending changes when it opens a database for writing, so that is a copy's.
  private static HeaderTable readCopy(Path file) throws IOException, SQLException {
    Path directory = Files.createTempDirectory("overpak-rpmdb");
    try {
      Path copy = directory.resolve("rpmdb.sqlite");
      Files.copy(file, copy);
      for (String suffix : List.of("-wal", "-journal")) {
        if (isPending(file, suffix)) {
          Files.copy(companion(file, suffix), companion(copy, suffix));
        }
      }
      return read(copy, false);
    } finally {
      try (var files = Files.list(directory)) {
        for (Path leftover : files.toList()) {
          Files.delete(leftover);
        }
      }
      Files.delete(directory);
    }
  }

  /// An immutable database may be one that was in WAL mode, in a directory that cannot be written.
  private static HeaderTable read(Path file, boolean immutable) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(immutable);
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    config.setPragma(SQLiteConfig.Pragma.LIMIT_LENGTH, Integer.toString(LARGEST));
    String uri = "jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath();
    try (Connection connection =
            config.createConnection(immutable ? uri + "?mode=ro&immutable=1" : uri);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA trusted_schema = OFF");
      statement.execute("PRAGMA cell_size_check = ON");
      requireTable(file, statement);
      return new HeaderTable(rows(file, statement), lastNumber(statement));
    }
  }

  /// A view or virtual table of that name would run what the image's maker wrote.
  private static void requireTable(Path file, Statement statement) throws SQLException {
    try (ResultSet tables =
        statement.executeQuery(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'Packages' AND type = 'table'"
                + " AND rootpage > 0")) {
      if (!tables.next() || tables.getInt(1) != 1) {
        throw Origin.ofDatabase(file.toString()).malformed("there is no table of packages");
      }
    }
  }

  /// SQLite keeps it only where the table was made as rpm makes it.
  private static int lastNumber(Statement statement) throws SQLException {
    try (ResultSet tables =
        statement.executeQuery(
            "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence' AND type = 'table'")) {
      if (!tables.next()) {
        return 0;
      }
    }
    try (ResultSet last =
        statement.executeQuery("SELECT seq FROM sqlite_sequence WHERE name = 'Packages'")) {
      return last.next() ? last.getInt(1) : 0;
    }
  }

  private static List<HeaderRow> rows(Path file, Statement statement) throws SQLException {
    List<HeaderRow> result = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT hnum, CASE WHEN typeof(blob) = 'blob' AND length(blob) <= "
                + LARGEST
                + " THEN blob END FROM Packages ORDER BY hnum")) {
      while (rows.next()) {
        byte[] blob = rows.getBytes(2);
        if (blob == null) {
          throw Origin.ofDatabase(file.toString())
              .malformed("package %d has no header, or one of more than 256 MiB", rows.getInt(1));
        }
        result.add(new HeaderRow(rows.getInt(1), blob));
      }
    }
    return result;
  }
}
