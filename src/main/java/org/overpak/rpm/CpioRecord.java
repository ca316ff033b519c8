package org.overpak.rpm;

import org.overpak.tree.TreePath;

/// One record of a payload's archive: which file of the header the data that follows it is of.
sealed interface CpioRecord {
  /// A file by its path, with SIZE bytes of data.
  record Named(TreePath path, long size) implements CpioRecord {}

  /// The file of that number in the header, which knows its size.
  record Numbered(long number) implements CpioRecord {}
}
