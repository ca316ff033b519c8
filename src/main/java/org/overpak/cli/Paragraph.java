package org.overpak.cli;

/// Text broken into lines for people.
final class Paragraph {
  private Paragraph() {}

  /// TEXT in lines of at most WIDTH characters, but for words that are longer. Line breaks in TEXT
  /// stay, and so does the indentation of a line.
  static String wrap(String text, int width) {
    var wrapped = new StringBuilder();
    text.lines().forEach(line -> wrapLine(line, width, wrapped));
    return wrapped.toString();
  }

  private static void wrapLine(String line, int width, StringBuilder wrapped) {
    String indent = line.substring(0, line.length() - line.stripLeading().length());
    int column = 0;
    for (String word : line.strip().split(" +")) {
      if (column == 0) {
        wrapped.append(indent);
        column = indent.length();
      } else if (column + 1 + word.length() > width) {
        wrapped.append('\n').append(indent);
        column = indent.length();
      } else {
        wrapped.append(' ');
        column++;
      }
      wrapped.append(word);
      column += word.length();
    }
    wrapped.append('\n');
  }
}
