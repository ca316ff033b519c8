package org.overpak.oci;

import java.io.IOException;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.TreePath;

/// What one layer changes in the layers below it: its entries, and what its whiteouts remove
/// ([image-spec, layer](https://github.com/opencontainers/image-spec/blob/main/layer.md)).
/// Whiteouts hide nothing of their own layer, wherever they stand in it.
final class LayerContent {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh.opq";

  /// Bookkeeping of the AUFS driver, which engines skip.
  private static final String AUFS = ".wh..wh.";

  private final Content.Source source;
  private final NavigableMap<TreePath, Entry> lower;
  private final Excerpt excerpt;
  private final LayerLimits limits;

  private final NavigableMap<TreePath, Entry> entries = new TreeMap<>();
  private final Set<TreePath> removed = new HashSet<>();
  private final Set<TreePath> emptied = new HashSet<>();
  private int count;
  private long bytesInMemory;

  /// A directory of this layer or implied by it, as the last check found.
  private TreePath checked = TreePath.ROOT;

  LayerContent(
      Content.Source source,
      NavigableMap<TreePath, Entry> lower,
      Excerpt excerpt,
      LayerLimits limits) {
    this.source = source;
    this.lower = lower;
    this.excerpt = excerpt;
    this.limits = limits;
  }

  void read(TarReader tar) throws IOException {
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarEntry entry = next.get();
      if (++count > limits.entries()) {
        throw new MalformedArchive("more than " + limits.entries() + " entries");
      }
      try {
        add(entry, tar);
      } catch (IllegalArgumentException e) {
        throw wrong(entry, String.valueOf(e.getMessage()));
      }
    }
  }

  private void add(TarEntry entry, TarReader tar) throws IOException {
    TreePath path = TreePath.parse(entry.name());
    String name = path.name();
    requireDirectoriesAbove(path, entry);
    if (name.equals(OPAQUE)) {
      emptied.add(path.parent());
    } else if (name.startsWith(AUFS)) {
      return;
    } else if (name.startsWith(WHITEOUT)) {
      String hidden = name.substring(WHITEOUT.length());
      if (hidden.isEmpty()) {
        throw wrong(entry, "a whiteout of nothing");
      }
      removed.add(path.parent().resolve(hidden));
    } else {
      put(path, value(path, entry, tar), entry);
    }
  }

  private void put(TreePath path, Entry value, TarEntry entry) throws MalformedArchive {
    boolean directory = value instanceof Entry.Directory;
    if (path.isRoot() && !directory) {
      throw wrong(entry, "the root is no directory");
    }
    Entry before = entries.put(path, value);
    if (!directory && (before == null || before instanceof Entry.Directory)) {
      // As engines do: the directory goes with all that it held.
      below(entries, path).clear();
      checked = TreePath.ROOT;
    }
  }

  private Entry value(TreePath path, TarEntry entry, TarReader tar) throws IOException {
    return switch (entry.type()) {
      case DIRECTORY -> new Entry.Directory(entry.attributes());
      case REGULAR -> new Entry.RegularFile(entry.attributes(), content(path, entry, tar));
      case SYMLINK -> new Entry.Symlink(entry.attributes(), entry.linkName());
      case HARD_LINK -> link(path, entry);
      case CHARACTER_DEVICE -> special(entry, Entry.Special.Kind.CHARACTER_DEVICE);
      case BLOCK_DEVICE -> special(entry, Entry.Special.Kind.BLOCK_DEVICE);
      case FIFO -> special(entry, Entry.Special.Kind.FIFO);
    };
  }

  private static Entry special(TarEntry entry, Entry.Special.Kind kind) {
    return new Entry.Special(entry.attributes(), kind, entry.major(), entry.minor());
  }

  private Content content(TreePath path, TarEntry entry, TarReader tar) throws IOException {
    if (!excerpt.isOf(path, tar.head(excerpt.head()), entry.size())) {
      return new Content.Slice(source, entry.offset(), entry.size());
    }
    if (entry.size() > limits.inMemory() - bytesInMemory) {
      throw wrong(
          entry, "more than %d bytes would have to be kept in memory".formatted(limits.inMemory()));
    }
    byte[] kept = excerpt.of(path, tar.readContent());
    bytesInMemory += kept.length;
    return Content.of(kept);
  }

  /// The other name's entry again, of this layer or, if it has none, of those below.
  private Entry link(TreePath path, TarEntry entry) throws MalformedArchive {
    TreePath target = TreePath.parse(entry.linkName());
    boolean own = entries.containsKey(target);
    Entry value = own ? entries.get(target) : lower.get(target);
    return switch (value) {
      case null -> throw wrong(entry, "its target '" + entry.linkName() + "' is not there");
      case Entry.Directory _ -> throw wrong(entry, "a hard link to a directory");
      case Entry.RegularFile file when target.equals(path) -> file;
      case Entry.RegularFile file when file.links() == LinkGroup.NONE -> {
        var linked = new Entry.RegularFile(file.attributes(), file.content(), new LinkGroup());
        (own ? entries : lower).put(target, linked);
        yield linked;
      }
      case Entry.RegularFile file -> file;
      case Entry.Symlink symlink -> symlink;
      case Entry.Special special -> special;
    };
  }

  private void requireDirectoriesAbove(TreePath path, TarEntry entry) throws MalformedArchive {
    TreePath parent = path.parent();
    if (parent.equals(checked)) {
      return;
    }
    for (TreePath above = parent; !above.isRoot(); above = above.parent()) {
      requireDirectory(above, entries.get(above), entry);
    }
    checked = parent;
  }

  private static void requireDirectory(TreePath path, @Nullable Entry value, TarEntry entry)
      throws MalformedArchive {
    if (value != null && !(value instanceof Entry.Directory)) {
      throw wrong(
          entry,
          "it lies below %s, which is %s"
              .formatted(path, value instanceof Entry.Symlink ? "a symbolic link" : "a file"));
    }
  }

  /// Changes the layers below: removes what is hidden, then adds the entries.
  void applyToLower() throws MalformedArchive {
    for (TreePath path : emptied) {
      below(lower, path).clear();
    }
    for (TreePath path : removed) {
      lower.remove(path);
      below(lower, path).clear();
    }
    for (var added : entries.entrySet()) {
      TreePath path = added.getKey();
      for (TreePath above = path.parent(); !above.isRoot(); above = above.parent()) {
        Entry value = lower.get(above);
        if (value != null) {
          if (!(value instanceof Entry.Directory)) {
            throw new MalformedArchive(
                "entry '%s': it lies below %s, which is no directory in the layers below"
                    .formatted(path.value(), above));
          }
          break;
        }
      }
      Entry before = lower.put(path, added.getValue());
      if (before instanceof Entry.Directory && !(added.getValue() instanceof Entry.Directory)) {
        below(lower, path).clear();
      }
    }
  }

  /// All below DIRECTORY, itself excluded, as a live view.
  private static NavigableMap<TreePath, Entry> below(
      NavigableMap<TreePath, Entry> entries, TreePath directory) {
    return directory.isRoot()
        ? entries.tailMap(TreePath.ROOT, false)
        : entries.subMap(
            new TreePath(directory.value() + "/\u0001"), true,
            new TreePath(directory.value() + "0"), false);
  }

  private static MalformedArchive wrong(TarEntry entry, String what) {
    return new MalformedArchive("entry '" + entry.name() + "': " + what);
  }
}
