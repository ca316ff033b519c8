package org.overpak.flatpak;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Lines to groups and keys, as GLib's `gkeyfile.c` takes them apart.
final class KeyfileParser {
  private final String where;
  private final SequencedMap<String, SequencedMap<String, String>> groups = new LinkedHashMap<>();
  private @Nullable SequencedMap<String, String> group;
  private int number;

  KeyfileParser(String where) {
    this.where = where;
  }

  Keyfile parse(String text) {
    for (String line : text.split("\n", -1)) {
      number++;
      line(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }
    return new Keyfile(groups);
  }

  private void line(String whole) {
    String line = whole.substring(leadingSpace(whole));
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int equals = line.indexOf('=');
    if (isGroup(line)) {
      String name = line.substring(1, line.indexOf(']'));
      if (!isGroupName(name)) {
        throw malformed("'" + name + "' cannot be the name of a group");
      }
      group = groups.computeIfAbsent(name, _ -> new LinkedHashMap<>());
    } else if (equals > 0) {
      String key = withoutTrailingSpace(line.substring(0, equals));
      if (!isKeyName(key)) {
        throw malformed("'" + key + "' cannot be the name of a key");
      }
      if (group == null) {
        throw malformed("'" + key + "' stands before the first [group]");
      }
      String value = line.substring(equals + 1);
      group.put(key, value.substring(leadingSpace(value)));
    } else {
      throw malformed("'" + line + "' is no [group], key=value or # comment");
    }
  }

  /// `[…]` with nothing but spaces behind it.
  private static boolean isGroup(String line) {
    int end = line.indexOf(']');
    return line.startsWith("[") && end > 0 && line.substring(end + 1).isBlank();
  }

  static boolean isGroupName(String name) {
    return !name.isEmpty()
        && name.chars().noneMatch(c -> c == '[' || c == ']' || Character.isISOControl(c));
  }

  /// Any text without brackets, which may be followed by a locale in brackets.
  static boolean isKeyName(String name) {
    String plain = name.replaceFirst("\\[[A-Za-z0-9_.@-]+]$", "");
    return !plain.isEmpty()
        && plain.equals(withoutTrailingSpace(plain))
        && leadingSpace(plain) == 0
        && !plain.startsWith("#")
        && plain.chars().noneMatch(c -> c == '[' || c == ']' || c == '=' || c == '\n');
  }

  private static int leadingSpace(String text) {
    int at = 0;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static String withoutTrailingSpace(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /// g_ascii_isspace, which leaves out the vertical tab.
  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == '\r' || c == '\n';
  }

  private OverpakException malformed(String what) {
    return new OverpakException(
        ExitCode.IMAGE,
        where + ", line " + number + ": " + what,
        "Correct the line; the syntax is that of GLib key files.");
  }
}
