package org.overpak.sandbox;

import java.util.List;

/// How a command in the sandbox ended.
///
/// @param exitCode 128 and the signal's number more if a signal ended it
/// @param output what it wrote to standard output and standard error, as one text; of much, the end
public record Completed(int exitCode, String output) {
  /// As many lines of the output as a message shows: the last ones.
  private static final int SHOWN_LINES = 20;

  public boolean succeeded() {
    return exitCode == 0;
  }

  /// How it failed, and the end of what it said: " with exit code 1; it said: …".
  public String ending() {
    var text = new StringBuilder(" with exit code ").append(exitCode);
    List<String> lines = output.lines().toList();
    if (lines.isEmpty()) {
      return text.append(", and said nothing").toString();
    }
    text.append("; it said:");
    int from = Math.max(0, lines.size() - SHOWN_LINES);
    if (from > 0) {
      text.append("\n  … (").append(from).append(" lines before)");
    }
    lines.subList(from, lines.size()).forEach(line -> text.append("\n  ").append(printable(line)));
    return text.toString();
  }

  /// LINE of the output as it may be shown: it must not move the cursor of a terminal.
  public static String printable(String line) {
    return line.replace('\t', ' ').replaceAll("\\p{Cntrl}", "?");
  }
}
