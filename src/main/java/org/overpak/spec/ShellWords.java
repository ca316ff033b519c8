package org.overpak.spec;

import java.util.ArrayList;
import java.util.List;

/// Splits text into words as a shell reads them: exactly as Python's `shlex.split(text,
/// comments=True)`, through which Fedora's tools put finish-args.
///
/// It differs from a shell where shlex does: `#` begins a comment also inside a word, and a
/// backslash before a line break keeps the line break in the word. Words are separated by space,
/// tab, carriage return and line feed only.
///
/// @param cutByComment the words that a `#` inside them ended, which their author hardly meant
record ShellWords(List<String> words, List<String> cutByComment) {
  ShellWords {
    words = List.copyOf(words);
    cutByComment = List.copyOf(cutByComment);
  }

  /// @throws IllegalArgumentException if a quotation is not closed or the text ends in a backslash
  static ShellWords split(String text) {
    return new Splitter(text).split();
  }

  private static final class Splitter {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final List<String> cut = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();

    /// Whether a word has begun; it may be empty, as `''` is.
    private boolean inWord;

    private int next;

    Splitter(String text) {
      this.text = text;
    }

    ShellWords split() {
      while (next < text.length()) {
        char c = text.charAt(next++);
        switch (c) {
          case ' ', '\t', '\r', '\n' -> endWord();
          case '#' -> {
            if (inWord) {
              cut.add(word.toString());
            }
            endWord();
            skipLine();
          }
          case '\'' -> singleQuoted();
          case '"' -> doubleQuoted();
          case '\\' -> append(escaped());
          default -> append(c);
        }
      }
      endWord();
      return new ShellWords(words, cut);
    }

    private void append(char c) {
      word.append(c);
      inWord = true;
    }

    private void endWord() {
      if (inWord) {
        words.add(word.toString());
        word.setLength(0);
        inWord = false;
      }
    }

    private void skipLine() {
      int end = text.indexOf('\n', next);
      next = end < 0 ? text.length() : end + 1;
    }

    private char escaped() {
      if (next == text.length()) {
        throw new IllegalArgumentException("a backslash at the end escapes nothing");
      }
      return text.charAt(next++);
    }

    private void singleQuoted() {
      int end = text.indexOf('\'', next);
      if (end < 0) {
        throw notClosed('\'');
      }
      word.append(text, next, end);
      inWord = true;
      next = end + 1;
    }

    /// In double quotes a backslash is itself unless `"` or another backslash follows.
    private void doubleQuoted() {
      inWord = true;
      while (next < text.length()) {
        char c = text.charAt(next++);
        if (c == '"') {
          return;
        }
        if (c == '\\') {
          char following = escaped();
          if (following != '"' && following != '\\') {
            word.append('\\');
          }
          word.append(following);
        } else {
          word.append(c);
        }
      }
      throw notClosed('"');
    }

    private IllegalArgumentException notClosed(char quote) {
      return new IllegalArgumentException(
          "a quotation that begins with " + quote + " is not closed");
    }
  }
}
