package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `.desktop` file whose main group is changed; comments, empty lines, other groups and the order
/// of all stay, as when GLib reads and writes it with `G_KEY_FILE_KEEP_COMMENTS`.
///
/// @param lines without their ends
/// @param keyfile the same, parsed
record DesktopFile(List<String> lines, Keyfile keyfile) {
  static final String GROUP = "Desktop Entry";

  private static final Pattern HEADER = Pattern.compile("\\s*\\[([^]]*)]\\s*");

  DesktopFile {
    lines = List.copyOf(lines);
  }

  /// @param where the file, for messages
  /// @throws org.overpak.OverpakException if a line is no group, key or comment
  static DesktopFile parse(String text, String where) {
    return new DesktopFile(text.lines().toList(), Keyfile.parse(text, where));
  }

  Optional<String> string(String key) {
    return keyfile.string(GROUP, key);
  }

  List<String> keys() {
    return keyfile.keys(GROUP);
  }

  /// KEY and its translations, `KEY[LOCALE]`, as far as they are there.
  List<String> translationsOf(String key) {
    return keys().stream()
        .filter(one -> one.equals(key) || (one.startsWith(key + "[") && one.endsWith("]")))
        .toList();
  }

  /// This file with KEY set: in its place if it is there, else at the end of the group.
  DesktopFile with(String key, String value) {
    return withRaw(key, KeyfileValue.escape(value));
  }

  /// As {@link #with(String, String)}, of a list.
  DesktopFile with(String key, List<String> values) {
    return withRaw(key, KeyfileValue.escape(values));
  }

  private DesktopFile withRaw(String key, String raw) {
    List<String> changed = new ArrayList<>(lines);
    String line = key + "=" + raw;
    int at = -1;
    int end = lines.size();
    boolean inside = false;
    for (int i = 0; i < lines.size(); i++) {
      Matcher header = HEADER.matcher(lines.get(i));
      if (header.matches()) {
        inside = header.group(1).equals(GROUP);
      }
      if (inside && !lines.get(i).isBlank()) {
        end = i + 1;
        at = isKey(lines.get(i), key) ? i : at;
      }
    }
    if (at < 0) {
      changed.add(end, line);
    } else {
      changed.set(at, line);
    }
    return parse(String.join("\n", changed) + "\n", GROUP);
  }

  private static boolean isKey(String line, String key) {
    int equals = line.indexOf('=');
    return equals > 0 && line.substring(0, equals).strip().equals(key);
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }
}
