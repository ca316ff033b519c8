package org.overpak.cli;

import java.util.List;
import java.util.Locale;

/// Numbers of bytes as people read them, in powers of 1000.
final class Size {
  private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

  private Size() {}

  static String text(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.size() - 1) {
      value /= 1000;
      unit++;
    }
    String format = unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS.get(unit));
  }
}
