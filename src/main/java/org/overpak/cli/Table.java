package org.overpak.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Rows below a head, their columns as wide as the widest cell. What does not fit into a line goes
/// on below, from the last column's place or, where that is too far to the right, on lines of its
/// own.
final class Table {
  /// As many columns as text needs to be read.
  private static final int LEAST = 24;

  private static final int INDENT = 6;

  private Table() {}

  /// The same in lines of at most WIDTH characters, but for words that are longer.
  static List<String> lines(List<String> head, List<List<String>> rows, int width) {
    List<String> lines = new ArrayList<>();
    List<String> whole = lines(head, rows);
    int last = whole.getFirst().lastIndexOf(head.getLast());
    for (String line : whole) {
      if (line.length() <= width) {
        lines.add(line);
        continue;
      }
      String cell = line.substring(last);
      boolean isBeside = cell.contains(" ") && width - last >= LEAST;
      int indent = isBeside ? last : INDENT;
      List<String> wrapped = Paragraph.wrap(cell, width - indent).lines().toList();
      String before = line.substring(0, last);
      lines.add((isBeside ? before + wrapped.getFirst() : before).stripTrailing());
      wrapped.stream().skip(isBeside ? 1 : 0).forEach(more -> lines.add(" ".repeat(indent) + more));
    }
    return lines;
  }

  /// Sizes stand to the right.
  static List<String> lines(List<String> head, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>(rows);
    all.addFirst(head);
    int[] widths =
        IntStream.range(0, head.size())
            .map(column -> all.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    List<String> lines = new ArrayList<>();
    for (List<String> row : all) {
      var line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String pad = " ".repeat(widths[column] - row.get(column).length());
        boolean isNumber = head.get(column).equals("SIZE");
        line.append("  ");
        line.append(isNumber ? pad + row.get(column) : row.get(column) + pad);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
