package org.overpak.sandbox;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What commands changed in a root, and in what was added to it.
///
/// An entry is changed if its type, mode, owner, content or target is another than before; times
/// alone do not count. Owners are as the sandbox saw them.
///
/// @param changed entries that are new or different, with the content that they have now
/// @param removed what is gone with all that it held; then what CHANGED has there, if anything,
///   took its place
public record Changes(FileTree changed, SortedSet<TreePath> removed) {
  public static final Changes NONE = new Changes(FileTree.EMPTY, Collections.emptySortedSet());

  public Changes {
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  public boolean isEmpty() {
    return changed.isEmpty() && removed.isEmpty();
  }

  /// TREE with these changes, which need not all concern it.
  public FileTree applyTo(FileTree tree) {
    if (isEmpty()) {
      return tree;
    }
    FileTree kept = removed.isEmpty() ? tree : tree.filter((path, _) -> !isWithin(removed, path));
    return kept.overlay(changed);
  }

  /// Whether PATH is one of PATHS, or lies below one.
  static boolean isWithin(Set<TreePath> paths, TreePath path) {
    if (paths.isEmpty()) {
      return false;
    }
    for (TreePath above = path; !above.isRoot(); above = above.parent()) {
      if (paths.contains(above)) {
        return true;
      }
    }
    return false;
  }

  /// The changes at and below DIRECTORY, with paths as before.
  public Changes in(TreePath directory) {
    return only(directory, true);
  }

  /// The changes anywhere else.
  public Changes outside(TreePath directory) {
    return only(directory, false);
  }

  private Changes only(TreePath directory, boolean inside) {
    var paths = new TreeSet<>(removed);
    paths.removeIf(path -> path.startsWith(directory) != inside);
    return new Changes(changed.filter((path, _) -> path.startsWith(directory) == inside), paths);
  }
}
