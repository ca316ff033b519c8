package org.overpak.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Rows below a head, their columns as wide as the widest cell.
final class Table {
  private Table() {}

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
