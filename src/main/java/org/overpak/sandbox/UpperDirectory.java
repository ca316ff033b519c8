package org.overpak.sandbox;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.Owner;
import org.overpak.tree.TreeBuilder;
import org.overpak.tree.TreePath;

/// The directory that takes what commands write: an overlay's upper directory, or a copy of the
/// root. Knows what was put there before them, and so what they changed.
final class UpperDirectory {
  private final Path directory;
  private final boolean overlaid;
  private final Namespace namespace;
  private final TreeBuilder all;
  private final TreeBuilder additions = new TreeBuilder(FileTree.EMPTY);
  private final Map<TreePath, Stamp> stamps;

  /// What was added since the last command.
  private final Set<TreePath> unsettled = new LinkedHashSet<>();

  UpperDirectory(Path directory, FileTree root, boolean overlaid, Namespace namespace)
      throws IOException {
    this.directory = directory;
    this.all = new TreeBuilder(root);
    this.overlaid = overlaid;
    this.namespace = namespace;
    this.stamps = Stamp.ofAll(directory);
  }

  /// TREE is being written into the directory.
  void added(FileTree tree) {
    all.putAll(tree);
    additions.putAll(tree);
    for (Map.Entry<TreePath, Entry> item : tree.entries().entrySet()) {
      if (!(item.getValue() instanceof Entry.Special)) {
        unsettled.add(item.getKey());
      }
    }
  }

  /// All that was added is there, and no command has touched it yet.
  void settle() throws IOException {
    for (TreePath path : unsettled) {
      stamps.put(path, Stamp.of(path.isRoot() ? directory : directory.resolve(path.value())));
    }
    unsettled.clear();
  }

  /// Those of PATHS that are regular files now, with their content in memory.
  FileTree files(Collection<TreePath> paths) throws IOException {
    Map<TreePath, Entry> result = new HashMap<>();
    for (TreePath path : paths) {
      Path file = directory.resolve(path.value());
      Entry known = all.get(path).orElse(null);
      if (Files.isReadable(file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        int mode = (int) Files.getAttribute(file, "unix:mode") & 07777;
        Attributes attributes = known == null ? Attributes.of(mode, 0) : known.attributes();
        result.put(path, new Entry.RegularFile(attributes, Content.of(Files.readAllBytes(file))));
      } else if (known instanceof Entry.RegularFile old
          && (overlaid || Files.exists(file, LinkOption.NOFOLLOW_LINKS))
          && !Whiteouts.is(file)) {
        // Of the root below, or one that only the sandbox's user 0 may read.
        result.put(
            path, new Entry.RegularFile(old.attributes(), Content.of(old.content().readAll())));
      }
    }
    return FileTree.of(result);
  }

  /// Owner and mode of what cannot be read by its owner on this machine, or belongs to another.
  private record Seen(Owner owner, int mode) {}

  Changes changes() throws IOException {
    Map<TreePath, Seen> seen = takeOver();
    FileTree now = FileTree.ofDirectory(directory);
    Map<TreePath, Stamp> stampsNow = Stamp.ofAll(directory);
    FileTree before = all.build();
    NavigableSet<TreePath> removed = removed(before, now);
    Map<TreePath, Entry> changed = new HashMap<>();
    for (Map.Entry<TreePath, Entry> item : now.entries().entrySet()) {
      TreePath path = item.getKey();
      if (Whiteouts.is(item.getValue())) {
        continue;
      }
      Entry old = before.get(path).orElse(null);
      boolean touched = !requireNonNull(stampsNow.get(path)).equals(stamps.get(path));
      Entry entry =
          old != null && !touched && !(old instanceof Entry.Directory)
              ? old
              : compared(old, asSeen(item.getValue(), seen.get(path)), stamps.get(path));
      if (!entry.equals(old)) {
        changed.put(path, entry);
      }
    }
    changed.remove(TreePath.ROOT);
    return new Changes(FileTree.of(changed), removed);
  }

  /// Removes files that were put here and that CHANGES does not need. What cannot be removed stays.
  void removeAllBut(Changes changes) {
    for (Map.Entry<TreePath, Entry> item : additions.build().entries().entrySet()) {
      if (!(item.getValue() instanceof Entry.Directory)
          && !changes.changed().contains(item.getKey())) {
        try {
          Files.deleteIfExists(directory.resolve(item.getKey().value()));
        } catch (IOException _) {
          // It goes with the directory, or stays with it.
        }
      }
    }
  }

  /// What is gone. Names below what is gone as a whole are left out.
  private NavigableSet<TreePath> removed(FileTree before, FileTree now) {
    NavigableSet<TreePath> result = new TreeSet<>();
    for (Map.Entry<TreePath, Entry> item : now.entries().entrySet()) {
      if (Whiteouts.is(item.getValue()) && before.contains(item.getKey())) {
        result.add(item.getKey());
      }
    }
    for (Map.Entry<TreePath, Entry> item : before.entries().entrySet()) {
      if (!(item.getValue() instanceof Entry.Special)
          && !now.contains(item.getKey())
          && leavesNoTrace(item.getKey(), now)
          && !Changes.isWithin(result, item.getKey())) {
        result.add(item.getKey());
      }
    }
    return result;
  }

  /// Whether PATH, if it is not in the directory, is not in the root: what was put there itself,
  /// and what a directory that hides all held.
  private boolean leavesNoTrace(TreePath path, FileTree now) {
    if (!overlaid || additions.get(path).isPresent()) {
      return true;
    }
    for (TreePath above = path.parent(); !above.isRoot(); above = above.parent()) {
      Entry entry = now.get(above).orElse(null);
      if (entry != null) {
        return !(entry instanceof Entry.Directory) || Whiteouts.isOpaque(entry.attributes());
      }
    }
    return false;
  }

  private Entry asSeen(Entry entry, @Nullable Seen seen) {
    Attributes attributes = entry.attributes();
    var xattrs = new TreeMap<>(attributes.xattrs());
    xattrs.keySet().removeIf(name -> name.startsWith("user.overlay."));
    Owner owner =
        seen != null
            ? seen.owner()
            : new Owner(
                namespace.mapping().inside(attributes.owner().uid(), false),
                namespace.mapping().inside(attributes.owner().gid(), true));
    int mode = seen != null ? seen.mode() : attributes.mode();
    return entry.with(new Attributes(mode, owner, attributes.modified(), xattrs));
  }

  /// OLD itself if NOW is no other, else NOW, with what OLD has and this machine's files have not.
  private static Entry compared(@Nullable Entry old, Entry now, @Nullable Stamp stamp)
      throws IOException {
    if (old == null || old.getClass() != now.getClass()) {
      return now;
    }
    Attributes attributes = attributes(old.attributes(), now.attributes(), old, stamp);
    return switch (now) {
      case Entry.Directory _ -> attributes.equals(old.attributes()) ? old : now.with(attributes);
      case Entry.Symlink link ->
          link.target().equals(((Entry.Symlink) old).target())
              ? old
              : now.with(old.attributes().withModified(now.attributes().modified()));
      case Entry.Special _ -> now;
      case Entry.RegularFile file -> {
        var oldFile = (Entry.RegularFile) old;
        boolean sameLinks = file.links() == LinkGroup.NONE || oldFile.links() != LinkGroup.NONE;
        if (oldFile.content().hasSameBytes(file.content())) {
          yield attributes.equals(old.attributes()) && sameLinks
              ? old
              : new Entry.RegularFile(
                  attributes, oldFile.content(), sameLinks ? oldFile.links() : file.links());
        }
        // The kernel takes capabilities from a file that is written to.
        yield new Entry.RegularFile(
            new Attributes(
                attributes.mode(),
                attributes.owner(),
                now.attributes().modified(),
                now.attributes().xattrs()),
            file.content(),
            file.links());
      }
    };
  }

  /// The old attributes, but for what is not as it was written.
  private static Attributes attributes(
      Attributes old, Attributes now, Entry entry, @Nullable Stamp stamp) {
    int written =
        stamp != null
            ? stamp.mode() & 07777
            : entry instanceof Entry.Directory ? (old.mode() & 0777) | 0700 : old.mode() & 0777;
    int mode = now.mode() == written ? old.mode() : now.mode();
    Owner owner = now.owner().equals(Owner.ROOT) ? old.owner() : now.owner();
    return new Attributes(mode, owner, old.modified(), old.xattrs());
  }

  /// Makes this process the owner of all that other users of the sandbox own, and able to read it.
  private Map<TreePath, Seen> takeOver() throws IOException {
    if (namespace.mapping() instanceof IdMapping.Identity) {
      return new HashMap<>();
    }
    String odd = "\\( ! -uid 0 -o ! -gid 0 -o -type d ! -perm -0700 -o -type f ! -perm -0400 \\)";
    String script =
        "find . "
            + odd
            + " ! -type l -printf '%U %G %m %p\\0' && "
            + "find . \\( ! -uid 0 -o ! -gid 0 \\) -exec chown -h 0:0 {} + && "
            + "find . -type d ! -perm -0700 -exec chmod u+rwx {} \\; && "
            + "find . -type f ! -perm -0400 -exec chmod u+r {} +";
    Completed completed =
        namespace.run(
            List.of("sh", "-c", script), directory, Content.of(""), Duration.ofMinutes(2));
    if (!completed.succeeded()) {
      throw new IOException(completed.output());
    }
    Map<TreePath, Seen> result = new HashMap<>();
    for (String line : completed.output().split("\0", -1)) {
      String[] fields = line.split(" ", 4);
      if (fields.length == 4) {
        result.put(
            TreePath.parse(fields[3]),
            new Seen(
                new Owner(Integer.parseInt(fields[0]), Integer.parseInt(fields[1])),
                Integer.parseInt(fields[2], 8)));
      }
    }
    return result;
  }
}
