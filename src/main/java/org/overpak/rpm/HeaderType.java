package org.overpak.rpm;

import org.jspecify.annotations.Nullable;

/// The types of header data, by their number on disk (rpmtag.h, `rpmTagType_e`).
enum HeaderType {
  CHAR(1, 1),
  INT8(2, 1),
  INT16(3, 2),
  INT32(4, 4),
  INT64(5, 8),
  STRING(6, 0),
  BIN(7, 1),
  STRING_ARRAY(8, 0),
  I18NSTRING(9, 0);

  private static final HeaderType[] BY_NUMBER = values();

  private final int number;
  private final int size;

  HeaderType(int number, int size) {
    this.number = number;
    this.size = size;
  }

  static @Nullable HeaderType numbered(int number) {
    return number < 1 || number > BY_NUMBER.length ? null : BY_NUMBER[number - 1];
  }

  int number() {
    return number;
  }

  /// Bytes of one element; 0 for strings, which end with a NUL.
  int size() {
    return size;
  }

  boolean isString() {
    return size == 0;
  }

  /// Whether what is declared as this type may be stored as STORED: strings may come alone, as an
  /// array or translated, which changed over rpm's history; all else is exact.
  boolean accepts(HeaderType stored) {
    return this == stored || (isString() && stored.isString());
  }
}
