package org.overpak.tree;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// A tree under construction, for whoever must look at what is there before adding to it. Starts
/// from a base tree, which stays as it is. Not for several threads.
public final class TreeBuilder {
  private final NavigableMap<TreePath, Entry> entries;

  public TreeBuilder(FileTree base) {
    this.entries = new TreeMap<>(base.entries());
  }

  public Optional<Entry> get(TreePath path) {
    return Optional.ofNullable(entries.get(path));
  }

  /// Puts ENTRY at PATH; anything but a directory over a directory takes the place of all that it
  /// held.
  public void put(TreePath path, Entry entry) {
    Entry before = entries.put(path, entry);
    if (before instanceof Entry.Directory && !(entry instanceof Entry.Directory)) {
      FileTree.below(entries, path).clear();
    }
  }

  /// All entries of TREE, as {@link FileTree#overlay} lays them.
  public void putAll(FileTree tree) {
    for (Map.Entry<TreePath, Entry> entry : tree.entries().entrySet()) {
      put(entry.getKey(), entry.getValue());
    }
  }

  /// As {@link FileTree#resolveParents}, in what has been built so far.
  public TreePath resolveParents(TreePath path) {
    return new LinkWalk(entries).resolve(path, false);
  }

  /// @throws IllegalArgumentException if an entry lies below something that is no directory
  public FileTree build() {
    return FileTree.of(entries);
  }
}
