package org.overpak.rpm;

import java.util.List;

/// The tables beside `Packages` through which rpm finds packages, in the order in which it makes
/// them (rpmdb.cc, `newRpmdb`).
enum IndexTable {
  NAME("Name", Tag.NAME, Shape.STRING),
  BASENAMES("Basenames", Tag.BASENAMES, Shape.STRINGS),
  GROUP("Group", Tag.GROUP, Shape.STRING),
  REQUIRENAME("Requirename", Tag.REQUIRENAME, Shape.STRINGS),
  PROVIDENAME("Providename", Tag.PROVIDENAME, Shape.STRINGS),
  CONFLICTNAME("Conflictname", Tag.CONFLICTNAME, Shape.STRINGS),
  OBSOLETENAME("Obsoletename", Tag.OBSOLETENAME, Shape.STRINGS),
  TRIGGERNAME("Triggername", Tag.TRIGGERNAME, Shape.STRINGS),
  DIRNAMES("Dirnames", Tag.DIRNAMES, Shape.STRINGS),
  INSTALLTID("Installtid", Tag.INSTALLTID, Shape.BYTES),
  SIGMD5("Sigmd5", Tag.SIGMD5, Shape.BYTES),
  SHA1HEADER("Sha1header", Tag.SHA1HEADER, Shape.STRING),
  FILETRIGGERNAME("Filetriggername", Tag.FILETRIGGERNAME, Shape.STRINGS),
  TRANSFILETRIGGERNAME("Transfiletriggername", Tag.TRANSFILETRIGGERNAME, Shape.STRINGS),
  RECOMMENDNAME("Recommendname", Tag.RECOMMENDNAME, Shape.STRINGS),
  SUGGESTNAME("Suggestname", Tag.SUGGESTNAME, Shape.STRINGS),
  SUPPLEMENTNAME("Supplementname", Tag.SUPPLEMENTNAME, Shape.STRINGS),
  ENHANCENAME("Enhancename", Tag.ENHANCENAME, Shape.STRINGS);

  /// What is looked up, which decides what SQLite indexes (sqlite.cc, `init_index`).
  enum Shape {
    STRING("TEXT"),
    STRINGS("TEXT"),
    BYTES("BLOB");

    private final String keyType;

    Shape(String keyType) {
      this.keyType = keyType;
    }

    private List<String> indexed() {
      return switch (this) {
        case STRING -> List.of("key");
        case STRINGS -> List.of("key", "hnum");
        case BYTES -> List.of();
      };
    }
  }

  private final String table;
  private final Tag tag;
  private final Shape shape;

  IndexTable(String table, Tag tag, Shape shape) {
    this.table = table;
    this.tag = tag;
    this.shape = shape;
  }

  Tag tag() {
    return tag;
  }

  /// The statement that makes the table, to the letter rpm's.
  String creation() {
    return "CREATE TABLE '%s' (key '%s' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL, FOREIGN KEY (hnum) REFERENCES 'Packages'(hnum))"
        .formatted(table, shape.keyType);
  }

  /// The statements that make its indexes, to the letter rpm's.
  List<String> indexCreations() {
    return shape.indexed().stream()
        .map(
            column ->
                "CREATE INDEX '%s_%s_idx' ON '%s'(%s ASC)".formatted(table, column, table, column))
        .toList();
  }

  /// Takes key as bytes, row in `Packages`, and position. The bytes are stored as text where text
  /// belongs, in whatever encoding they are.
  String insertion() {
    return "INSERT INTO '%s' VALUES (CAST(? AS %s), ?, ?)".formatted(table, shape.keyType);
  }
}
