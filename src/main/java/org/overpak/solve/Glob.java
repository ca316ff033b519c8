package org.overpak.solve;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A shell pattern with `*`, `?` and `[…]`, or a plain string, which is then compared as such.
final class Glob {
  private final String text;
  private final @Nullable Pattern pattern;

  Glob(String text) {
    this.text = text;
    this.pattern = isPattern(text) ? compile(text) : null;
  }

  static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  boolean isPattern() {
    return pattern != null;
  }

  String text() {
    return text;
  }

  boolean matches(String candidate) {
    return pattern == null ? text.equals(candidate) : pattern.matcher(candidate).matches();
  }

  /// Null where the brackets are no valid pattern: such is a plain string, as fnmatch sees it.
  private static @Nullable Pattern compile(String glob) {
    var regex = new StringBuilder();
    int i = 0;
    while (i < glob.length()) {
      char c = glob.charAt(i++);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        case '[' -> {
          int end = glob.indexOf(']', i + 1);
          if (end < 0) {
            return null;
          }
          String inside = glob.substring(i, end).replace("\\", "\\\\").replace("[", "\\[");
          regex.append('[');
          regex.append(inside.startsWith("!") ? "^" + inside.substring(1) : inside);
          regex.append(']');
          i = end + 1;
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      return null;
    }
  }
}
