package org.overpak.repo;

import java.util.List;
import org.overpak.rpm.Dependency.Operator;

/// The layout of a {@link PackageTable}'s bytes, little-endian: the header's numbers, then the
/// sections in the order of {@link Section}, each an array of `int`, then the bytes of the strings.
final class PackageTableFormat {
  /// "OvPk", to tell the file from any other.
  static final int MAGIC = 0x6b50764f;

  /// Changes whenever the layout or the meaning of a number does: tables of other versions are made
  /// again.
  static final int VERSION = 1;

  /// Of the header: magic, version, CRC-32 of all that follows the header, bytes of strings, then
  /// the length of each section.
  static final int FIXED_HEADER = 4;

  static final int HEADER_BYTES = 4 * (FIXED_HEADER + Section.values().length);

  private PackageTableFormat() {}

  /// The arrays.
  enum Section {
    /// Where each string begins, and the end of the last.
    STRING_STARTS,
    /// Hash table of the strings that are looked for: number + 1, or 0.
    STRING_SLOTS,
    /// Epoch, version, release: {@link #EVR} numbers each.
    EVRS,
    /// {@link Field}s of each package.
    PACKAGES,
    /// Where each of the eight lists of entries of each package begins, and the end of the last.
    ENTRY_STARTS,
    /// Name, and operator and version ({@link #entry}): two numbers each.
    ENTRIES,
    /// Where the files of each package begin, and the end of the last.
    FILE_STARTS,
    FILES,
    /// Sorted keys, and their values: names of packages and their positions.
    NAME_KEYS,
    NAME_VALUES,
    /// Names of capabilities, and the entries that provide them; `-1 - POSITION` of a package that
    /// does not say that it provides itself.
    PROVIDE_KEYS,
    PROVIDE_VALUES,
    OBSOLETE_KEYS,
    OBSOLETE_VALUES,
    FILE_KEYS,
    FILE_VALUES,
    /// Positions of packages with supplements.
    SUPPLEMENTING
  }

  /// What of a package is one number; of a `long`, the low half comes first.
  enum Field {
    NAME(0),
    EVR(1),
    ARCH(2),
    SOURCE_RPM(3),
    HREF(4),
    DIGEST(5),
    SIZE(6),
    SIZE_HIGH(7),
    INSTALLED_SIZE(8),
    INSTALLED_SIZE_HIGH(9),
    BUILD_TIME(10),
    BUILD_TIME_HIGH(11);

    private final int at;

    Field(int at) {
      this.at = at;
    }

    /// Its place among the numbers of a package.
    int at() {
      return at;
    }
  }

  static final int FIELDS = Field.values().length;

  /// Numbers of a version.
  static final int EVR = 3;

  /// Lists of dependencies of a package, in the order of {@link org.overpak.rpm.Relations}.
  static final int LISTS = 8;

  static final int PROVIDES = 0;
  static final int OBSOLETES = 3;
  static final int SUPPLEMENTS = 6;

  /// In place of an operator: the name is the text of a rich dependency.
  static final int RICH = 7;

  private static final List<Operator> OPERATORS =
      List.of(
          Operator.ANY,
          Operator.LESS,
          Operator.LESS_OR_EQUAL,
          Operator.EQUAL,
          Operator.GREATER_OR_EQUAL,
          Operator.GREATER,
          Operator.NOT_EQUAL);

  /// Operator and version in one number.
  static int entry(Operator operator, int evr) {
    return (evr << 3) | OPERATORS.indexOf(operator);
  }

  /// The operator of an entry that is not {@link #RICH}.
  static Operator operator(int entry) {
    return OPERATORS.get(entry & 7);
  }

  /// Whether the name of an entry is the text of a rich dependency.
  static boolean isRich(int entry) {
    return (entry & 7) == RICH;
  }
}
