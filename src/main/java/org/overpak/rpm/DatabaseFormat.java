package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// The containers in which rpm keeps the headers of what is installed, by the file they are in.
enum DatabaseFormat {
  SQLITE("rpmdb.sqlite"),
  NDB("Packages.db"),
  BERKELEY("Packages");

  /// As much of a file as tells its format.
  static final int MAGIC = 16;

  private static final byte[] SQLITE_MAGIC =
      "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NDB_MAGIC = "RpmP".getBytes(StandardCharsets.US_ASCII);
  private static final List<Integer> BERKELEY_MAGIC =
      List.of(0x00061561, Integer.reverseBytes(0x00061561));

  private final String file;

  DatabaseFormat(String file) {
    this.file = file;
  }

  /// Its name in the database's directory.
  String file() {
    return file;
  }

  /// Of a file that begins with BYTES.
  static Optional<DatabaseFormat> of(byte[] bytes) {
    if (Arrays.equals(bytes, 0, Math.min(bytes.length, MAGIC), SQLITE_MAGIC, 0, MAGIC)) {
      return Optional.of(SQLITE);
    }
    if (bytes.length >= 4 && Arrays.equals(bytes, 0, 4, NDB_MAGIC, 0, 4)) {
      return Optional.of(NDB);
    }
    if (bytes.length >= MAGIC
        && BERKELEY_MAGIC.contains(
            ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).getInt(MAGIC - 4))) {
      return Optional.of(BERKELEY);
    }
    return Optional.empty();
  }

  /// All headers of the database FILE.
  ///
  /// @throws OverpakException (IMAGE) if it is damaged, or of a format that is not read
  HeaderTable read(Path file) {
    return switch (this) {
      case SQLITE -> HeaderTable.read(file);
      case NDB -> NdbFile.read(file);
      case BERKELEY ->
          throw new OverpakException(
              ExitCode.IMAGE,
              file + " is an RPM database in the Berkeley DB format, which rpm gave up in 2020",
              "Convert it with rpm 4.16 or newer: 'rpmdb --root ROOT --define \"_db_backend"
                  + " sqlite\" --rebuilddb'.");
    };
  }
}
