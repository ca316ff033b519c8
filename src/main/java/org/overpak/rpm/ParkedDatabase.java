package org.overpak.rpm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Puts an RPM database at rest, so that it can be read where nothing can be written.
///
/// rpm leaves its SQLite database in WAL mode; such a one cannot be opened in a read-only
/// directory, which a runtime is for Flatpak. rpm 6 parks it in the same way, and any rpm goes back
/// to WAL mode when it writes.
final class ParkedDatabase {
  private static final List<String> COMPANIONS = List.of("-wal", "-journal", "-shm");

  private static final int WRITE_VERSION = 18;
  private static final int READ_VERSION = 19;
  private static final int WAL = 2;

  private static final String LOCK = ".rpm.lock";

  private ParkedDatabase() {}

  /// ROOT with its database parked, and without the files that rpm keeps beside one in use.
  static FileTree in(FileTree root, TreePath file, Path scratch) {
    if (!file.name().equals(DatabaseFormat.SQLITE.file())) {
      return root.without(file.parent().resolve(LOCK));
    }
    Path copy = RpmDatabase.copyOut(root, file, scratch);
    try {
      park(copy);
    } catch (SQLException e) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "the RPM database " + file + " cannot be opened: " + e.getMessage(),
          "Repair it with 'rpmdb --rebuilddb'.",
          e);
    }
    if (!(root.get(file).orElse(null) instanceof Entry.RegularFile original)) {
      throw new IllegalArgumentException(file + " is no file");
    }
    try {
      return replace(
          root,
          file,
          new Entry.RegularFile(original.attributes(), Content.ofFile(copy, Files.size(copy))));
    } catch (IOException e) {
      throw PackageFile.unreadable(copy, e);
    }
  }

  /// ROOT with DATABASE at FILE, without what rpm keeps beside one in use.
  static FileTree replace(FileTree root, TreePath file, Entry.RegularFile database) {
    FileTree result = root.without(file.parent().resolve(LOCK));
    for (String suffix : COMPANIONS) {
      result = result.without(beside(file, suffix));
    }
    return result.with(file, database);
  }

  /// Whether the database FILE of ROOT can be opened where nothing can be written: its header says
  /// so (sqlite.org/fileformat.html, "File format version numbers"), and no companion has anything.
  static boolean isParked(FileTree root, TreePath file) {
    for (String suffix : List.of("-wal", "-journal")) {
      if (root.get(beside(file, suffix)).orElse(null) instanceof Entry.RegularFile companion
          && companion.content().size() > 0) {
        return false;
      }
    }
    if (!(root.get(file).orElse(null) instanceof Entry.RegularFile database)) {
      throw new IllegalArgumentException(file + " is no file");
    }
    try (InputStream stream = database.content().open()) {
      byte[] start = stream.readNBytes(READ_VERSION + 1);
      return start.length <= READ_VERSION
          || (start[WRITE_VERSION] != WAL && start[READ_VERSION] != WAL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TreePath beside(TreePath file, String suffix) {
    return file.parent().resolve(file.name() + suffix);
  }

  private static void park(Path copy) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA trusted_schema = OFF");
      statement.execute("PRAGMA journal_mode = DELETE");
    }
  }
}
