package org.overpak.spec;

/// Where something stands in a file: line and column counted from 1, columns in code points.
public record SpecPosition(String file, int line, int column) implements Comparable<SpecPosition> {
  /// Within one file, top to bottom and left to right.
  @Override
  public int compareTo(SpecPosition other) {
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }

  /// `FILE:LINE:COLUMN`, which editors and terminals make a link of.
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
