package org.overpak.rpm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Configuration files of a root, as text.
final class TreeFiles {
  /// Far above any real passwd or macro file.
  private static final long LARGEST = 16 << 20;

  private TreeFiles() {}

  /// The text at PATH with links followed inside ROOT; empty if there is no such file.
  static String text(FileTree root, TreePath path) {
    if (root.get(root.resolve(path)).orElse(null) instanceof Entry.RegularFile file
        && file.content().size() <= LARGEST) {
      try {
        return new String(file.content().readAll(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return "";
  }
}
