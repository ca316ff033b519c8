package org.overpak.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// An immutable filesystem image: entries sorted by {@link TreePath}. The root directory is implied
/// unless it has an entry of its own. Each entry's parents are directories of the tree, or missing
/// (then implied, 0755 root:root), never anything else.
public final class FileTree {
  public static final FileTree EMPTY = new FileTree(new TreeMap<>());

  private final NavigableMap<TreePath, Entry> entries;

  private FileTree(NavigableMap<TreePath, Entry> entries) {
    this.entries = Collections.unmodifiableNavigableMap(entries);
  }

  /// @throws IllegalArgumentException if an entry lies below something that is no directory
  public static FileTree of(Map<TreePath, Entry> entries) {
    FileTree tree = new FileTree(new TreeMap<>(entries));
    TreePath checked = TreePath.ROOT;
    for (TreePath path : tree.entries.keySet()) {
      if (!checked.isParentOf(path)) { // most have that of the path before them
        tree.requireDirectoriesAbove(path);
        checked = path.parent();
      }
    }
    return tree;
  }

  private void requireDirectoriesAbove(TreePath path) {
    if (path.isRoot()) {
      return;
    }
    TreePath parent = path.parent();
    Entry above = entries.get(parent);
    if (above == null) {
      requireDirectoriesAbove(parent);
    } else if (!(above instanceof Entry.Directory)) {
      throw new IllegalArgumentException(
          path + " lies below " + parent + ", which is no directory");
    }
  }

  /// The content of DIRECTORY with modes, owners, times and hard links; symbolic links are entries
  /// like others and are not followed. Content stays in the files.
  public static FileTree ofDirectory(Path directory) {
    return ofDirectory(directory, _ -> false);
  }

  /// As {@link #ofDirectory(Path)}, without what SKIPPED accepts and all in it, which is not looked
  /// at.
  public static FileTree ofDirectory(Path directory, Predicate<TreePath> skipped) {
    return DirectoryReader.read(directory, skipped);
  }

  public NavigableMap<TreePath, Entry> entries() {
    return entries;
  }

  public Optional<Entry> get(TreePath path) {
    return Optional.ofNullable(entries.get(path));
  }

  public Optional<Entry> get(String path) {
    return get(new TreePath(path));
  }

  public boolean contains(TreePath path) {
    return entries.containsKey(path);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /// UPPER laid over this tree. A directory over a directory takes UPPER's attributes; anything
  /// else replaces what stood there with all that it held.
  public FileTree overlay(FileTree upper) {
    var result = new TreeBuilder(this);
    result.putAll(upper);
    return result.build();
  }

  /// What lies in DIRECTORY, with paths as seen from there; empty if there is no such directory.
  public FileTree subtree(TreePath directory) {
    if (directory.isRoot()) {
      return this;
    }
    NavigableMap<TreePath, Entry> result = new TreeMap<>();
    if (entries.get(directory) instanceof Entry.Directory root) {
      result.put(TreePath.ROOT, root);
    }
    below(entries, directory)
        .forEach((path, entry) -> result.put(path.relativeTo(directory), entry));
    return new FileTree(result);
  }

  /// This tree moved into DIRECTORY.
  public FileTree under(TreePath directory) {
    NavigableMap<TreePath, Entry> result = new TreeMap<>();
    entries.forEach((path, entry) -> result.put(directory.resolve(path), entry));
    return new FileTree(result);
  }

  /// This tree with ENTRY at PATH.
  public FileTree with(TreePath path, Entry entry) {
    return overlay(of(Map.of(path, entry)));
  }

  /// This tree without PATH and all that it holds.
  public FileTree without(TreePath path) {
    return filter((candidate, _) -> !candidate.startsWith(path));
  }

  /// The entries that KEEP accepts; what is below a directory that is dropped stays.
  public FileTree filter(BiPredicate<TreePath, Entry> keep) {
    NavigableMap<TreePath, Entry> result = new TreeMap<>();
    entries.forEach(
        (path, entry) -> {
          if (keep.test(path, entry)) {
            result.put(path, entry);
          }
        });
    return new FileTree(result);
  }

  /// Each entry changed by CHANGE, at its path; CHANGE must keep directories directories.
  public FileTree map(UnaryOperator<Entry> change) {
    NavigableMap<TreePath, Entry> result = new TreeMap<>();
    entries.forEach((path, entry) -> result.put(path, change.apply(entry)));
    return of(result);
  }

  /// Paths at which OTHER has something else, but for times and hard links.
  public List<TreePath> differences(FileTree other) {
    NavigableSet<TreePath> paths = new TreeSet<>(entries.keySet());
    paths.addAll(other.entries.keySet());
    return paths.stream().filter(path -> !isSame(get(path), other.get(path))).toList();
  }

  private static boolean isSame(Optional<Entry> one, Optional<Entry> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.equals(other);
    }
    Entry a = one.get().with(one.get().attributes().withModified(0));
    Entry b = other.get().with(other.get().attributes().withModified(0));
    if (a instanceof Entry.RegularFile x && b instanceof Entry.RegularFile y) {
      try {
        return x.attributes().equals(y.attributes()) && x.content().hasSameBytes(y.content());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return a.equals(b);
  }

  /// The names of what stands directly in DIRECTORY, in order; an implied directory counts.
  public List<String> list(TreePath directory) {
    int skip = directory.isRoot() ? 0 : directory.value().length() + 1;
    return below(entries, directory).keySet().stream()
        .map(path -> path.value().substring(skip))
        .map(rest -> rest.indexOf('/') < 0 ? rest : rest.substring(0, rest.indexOf('/')))
        .distinct()
        .sorted(TreePath::compare)
        .toList();
  }

  /// Where PATH really is, with the symbolic links among its directories followed as a process
  /// whose root is this tree would; PATH itself is not followed, and need not exist.
  ///
  /// @throws IllegalArgumentException if links go in a circle
  public TreePath resolveParents(TreePath path) {
    return new LinkWalk(entries).resolve(path, false);
  }

  /// As {@link #resolveParents}, following PATH itself too.
  public TreePath resolve(TreePath path) {
    return new LinkWalk(entries).resolve(path, true);
  }

  /// All of ENTRIES below DIRECTORY, itself excluded, as a live view.
  public static <T> NavigableMap<TreePath, T> below(
      NavigableMap<TreePath, T> entries, TreePath directory) {
    if (directory.isRoot()) {
      return entries.tailMap(TreePath.ROOT, false);
    }
    // What starts with DIR/ lies between DIR/\1, as names have no NUL, and DIR0, as '0' follows
    // '/'.
    return entries.subMap(
        new TreePath(directory.value() + "/\u0001"), true,
        new TreePath(directory.value() + "0"), false);
  }

  @Override
  public String toString() {
    return "FileTree of " + entries.size() + " entries";
  }
}
