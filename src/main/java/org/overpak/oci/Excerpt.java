package org.overpak.oci;

import java.util.function.Predicate;
import org.overpak.tree.TreePath;

/// What of the files in layers is kept in memory while the layers pass.
public interface Excerpt {
  /// As many bytes of a file as are shown before it is read.
  int head();

  /// Whether something of the file is kept.
  ///
  /// @param path as the layer names it
  /// @param head its first bytes: {@link #head}, or all
  /// @param size of all
  boolean isOf(TreePath path, byte[] head, long size);

  /// What is kept in the place of CONTENT: the entry's content from then on.
  byte[] of(TreePath path, byte[] content);

  /// All of the files that INMEMORY accepts.
  static Excerpt whole(Predicate<TreePath> inMemory) {
    return new Excerpt() {
      @Override
      public int head() {
        return 0;
      }

      @Override
      public boolean isOf(TreePath path, byte[] head, long size) {
        return inMemory.test(path);
      }

      @Override
      public byte[] of(TreePath path, byte[] content) {
        return content;
      }
    };
  }
}
