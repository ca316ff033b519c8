package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Escapes in the values of a {@link Keyfile}: leading blanks, line breaks, backslashes, and in
/// lists the separator.
final class KeyfileValue {
  private static final char SEPARATOR = ';';

  private KeyfileValue() {}

  static String escape(String text) {
    return escape(text, false);
  }

  static String escape(List<String> elements) {
    var raw = new StringBuilder();
    elements.forEach(element -> raw.append(escape(element, true)).append(SEPARATOR));
    return raw.toString();
  }

  private static String escape(String text, boolean inList) {
    var raw = new StringBuilder();
    // GLib takes a blank behind an escaped separator for leading, too.
    boolean leading = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case ' ' -> raw.append(leading ? "\\s" : " ");
        case '\t' -> raw.append(leading ? "\\t" : "\t");
        case '\n' -> raw.append("\\n");
        case '\r' -> raw.append("\\r");
        case '\\' -> {
          raw.append("\\\\");
          leading = false;
        }
        default -> {
          boolean separator = inList && c == SEPARATOR;
          raw.append(separator ? "\\" : "").append(c);
          leading = separator;
        }
      }
    }
    return raw.toString();
  }

  static String text(String raw, String group, String key) {
    var text = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '\\') {
        i++;
        text.append(unescaped(raw, i, group, key));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  static List<String> list(String raw, String group, String key) {
    List<String> elements = new ArrayList<>();
    var element = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == SEPARATOR) {
        elements.add(element.toString());
        element.setLength(0);
      } else if (c != '\\') {
        element.append(c);
      } else if (i + 1 < raw.length() && raw.charAt(i + 1) == SEPARATOR) {
        element.append(SEPARATOR);
        i++;
      } else {
        i++;
        element.append(unescaped(raw, i, group, key));
      }
    }
    if (!element.isEmpty()) {
      elements.add(element.toString());
    }
    return List.copyOf(elements);
  }

  private static char unescaped(String raw, int at, String group, String key) {
    char code = at < raw.length() ? raw.charAt(at) : '\0';
    return switch (code) {
      case 's' -> ' ';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case '\\' -> '\\';
      default ->
          throw new OverpakException(
              ExitCode.IMAGE,
              "group [%s], key %s: no such escape in '%s'".formatted(group, key, raw),
              "Write a backslash as \\\\; the escapes are \\s \\t \\n \\r \\\\ and, in lists, \\;.");
    };
  }
}
