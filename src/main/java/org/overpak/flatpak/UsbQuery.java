package org.overpak.flatpak;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Which USB devices are meant (`flatpak-usb.c`): rules joined by `+`, each of another kind.
final class UsbQuery {
  private static final Pattern RULE =
      Pattern.compile(
          "all|cls:[0-9a-f]{2}:([0-9a-f]{2}|\\*)|(vnd|dev):[0-9a-f]{4}", Pattern.CASE_INSENSITIVE);

  private UsbQuery() {}

  /// TEXT as Flatpak writes it.
  ///
  /// @throws IllegalArgumentException if it is no query
  static String parse(String text) {
    List<String> rules = List.of(text.split("\\+", -1));
    Set<String> kinds = new HashSet<>();
    for (String rule : rules) {
      String kind = rule.split(":", 2)[0];
      if (!RULE.matcher(rule).matches() || !kind.equals(kind.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "all, or of cls:CC:SS or cls:CC:*, vnd:XXXX and dev:XXXX those that are meant, joined by"
                + " +, was expected, in hexadecimal");
      }
      if (!kinds.add(kind)) {
        throw new IllegalArgumentException("'" + kind + "' may be there once");
      }
    }
    if (kinds.contains("all") && kinds.size() > 1) {
      throw new IllegalArgumentException("'all' stands alone");
    }
    if (kinds.contains("dev") && !kinds.contains("vnd")) {
      throw new IllegalArgumentException("'dev' needs 'vnd'");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  /// Reads lines of queries that `;` separates; those with a `!` before them hide devices. A line
  /// that begins with `#` is a comment.
  ///
  /// @throws IllegalArgumentException if one is no query, which Flatpak passes over
  static void readList(String list, Consumer<String> shown, Consumer<String> hidden) {
    list.lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> List.of(line.split(";")).stream())
        .filter(item -> !item.isEmpty())
        .forEach(
            item -> {
              if (item.startsWith("!")) {
                hidden.accept(parse(item.substring(1)));
              } else {
                shown.accept(parse(item));
              }
            });
  }
}
