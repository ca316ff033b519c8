package org.overpak.ostree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The objects that a tree consists of, each once.
///
/// @param tree the root's dirtree
/// @param meta the root's dirmeta
/// @param metadata dirtrees and dirmetas by their place in a repository, the root's first
/// @param files regular files and symbolic links by id, each with all its paths, in the order in
///   which they stand in the tree
public record TreeObjects(
    Digest tree,
    Digest meta,
    SequencedMap<TreePath, byte[]> metadata,
    SequencedMap<Digest, FileObject> files) {

  /// A file and where it stands.
  ///
  /// @param entry a regular file or a symbolic link
  public record FileObject(Entry entry, List<TreePath> paths) {}

  private static final Entry.Directory IMPLIED = new Entry.Directory(Attributes.of(0755, 0));

  /// The objects of TREE; directories that it only implies are root's with mode 0755.
  ///
  /// @param ids knows those of its files
  /// @throws OverpakException (PACKAGE) if it has a device, FIFO or socket, which OSTree cannot
  ///   hold
  public static TreeObjects of(FileTree tree, FileIds ids) {
    return new Builder(tree, ids).build();
  }

  private static final class Builder {
    private final FileTree tree;
    private final FileIds ids;
    private final Map<TreePath, SortedMap<String, Entry>> children = new HashMap<>();
    private final SequencedMap<TreePath, byte[]> metadata = new LinkedHashMap<>();
    private final SequencedMap<Digest, FileObject> files = new LinkedHashMap<>();

    Builder(FileTree tree, FileIds ids) {
      this.tree = tree;
      this.ids = ids;
    }

    TreeObjects build() {
      tree.entries().forEach(this::addToParent);
      DirTree.Directory root = directory(TreePath.ROOT, tree.get(TreePath.ROOT).orElse(IMPLIED));
      // Bottom-up is how they are made; whoever reads begins at the root.
      SequencedMap<TreePath, byte[]> fromTheRoot = new LinkedHashMap<>(metadata.reversed());
      return new TreeObjects(
          root.tree(),
          root.meta(),
          Collections.unmodifiableSequencedMap(fromTheRoot),
          Collections.unmodifiableSequencedMap(files));
    }

    private void addToParent(TreePath path, Entry entry) {
      if (path.isRoot()) {
        return;
      }
      TreePath parent = path.parent();
      SortedMap<String, Entry> siblings = children.get(parent);
      if (siblings == null) {
        siblings = new TreeMap<>(TreePath::compare);
        children.put(parent, siblings);
        if (!parent.isRoot() && !tree.contains(parent)) {
          addToParent(parent, IMPLIED);
        }
      }
      siblings.put(path.name(), entry);
    }

    private DirTree.Directory directory(TreePath path, Entry entry) {
      DirTree content = DirTree.empty();
      SortedMap<String, Entry> entries = children.get(path);
      if (entries != null) {
        entries.forEach((name, child) -> addTo(content, path.resolve(name), child));
      }
      return new DirTree.Directory(
          put(ObjectType.DIRTREE, content.serialize()),
          put(ObjectType.DIRMETA, DirMeta.serialize(entry.attributes())));
    }

    private void addTo(DirTree content, TreePath path, Entry entry) {
      String name = path.name();
      switch (entry) {
        case Entry.Directory directory ->
            content.directories().put(name, directory(path, directory));
        case Entry.RegularFile file -> content.files().put(name, add(path, file, ids.of(file)));
        case Entry.Symlink link ->
            content.files().put(name, add(path, link, FileHeader.of(link).id()));
        case Entry.Special special ->
            throw new OverpakException(
                ExitCode.PACKAGE,
                path
                    + " is a "
                    + special.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + "; OSTree holds only files, directories and symbolic links",
                "Remove it from the tree.");
      }
    }

    private Digest add(TreePath path, Entry entry, Digest id) {
      files.computeIfAbsent(id, _ -> new FileObject(entry, new ArrayList<>())).paths().add(path);
      return id;
    }

    private Digest put(ObjectType type, byte[] bytes) {
      Digest id = Digest.sha256(bytes);
      metadata.putIfAbsent(type.path(id), bytes);
      return id;
    }
  }
}
