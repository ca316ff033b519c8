package org.overpak.flatpak;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/// The `date` of a `<release>`: a day, or a time with its offset (ISO 8601).
final class ReleaseDate {
  private ReleaseDate() {}

  /// In seconds since 1970; empty if it is none.
  static OptionalLong parse(String date) {
    try {
      return OptionalLong.of(
          date.contains("T")
              ? OffsetDateTime.parse(date).toEpochSecond()
              : LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toEpochSecond());
    } catch (DateTimeException _) {
      return OptionalLong.empty();
    }
  }
}
