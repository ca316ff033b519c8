package org.overpak.flatpak;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The tree of a Flatpak commit: the file `metadata`, the directory `files`, and for apps `export`,
/// all with canonical modes and owners, so that every kind of OSTree repository stores it alike.
public final class CommitTree {
  static final TreePath METADATA = new TreePath("metadata");
  public static final TreePath FILES = new TreePath("files");
  static final TreePath EXPORT = new TreePath("export");

  private static final int DIRECTORY = 0755;
  private static final int EXECUTABLE = 0755;
  private static final int PLAIN = 0644;

  /// Blocks that Flatpak counts a file's size in.
  private static final long BLOCK = 512;

  private CommitTree() {}

  /// The tree of an app.
  ///
  /// @param app what will be `/app`
  /// @param exports what the rules of exports found, with paths below `export`
  /// @param modified seconds since 1970, of every entry
  /// @throws OverpakException as {@link #canonical} does, or if a place for extensions cannot be
  ///   made
  public static FileTree ofApp(FileTree app, Metadata metadata, FileTree exports, long modified) {
    FileTree tree = ofFiles(app, metadata).with(EXPORT, directory()).overlay(exports.under(EXPORT));
    return canonical(tree, modified);
  }

  /// The tree of a runtime or an extension, which export nothing.
  ///
  /// @param files what will be `/usr`, with `/etc` in `etc`; or what an extension mounts
  public static FileTree ofRuntime(FileTree files, Metadata metadata, long modified) {
    return canonical(ofFiles(files, metadata), modified);
  }

  private static FileTree ofFiles(FileTree files, Metadata metadata) {
    return ExtensionPoints.madeIn(files, metadata)
        .under(FILES)
        .with(FILES, directory())
        .with(METADATA, metadataFile(metadata));
  }

  static Entry metadataFile(Metadata metadata) {
    return new Entry.RegularFile(Attributes.of(PLAIN, 0), Content.of(metadata.text()));
  }

  static Entry directory() {
    return new Entry.Directory(Attributes.of(DIRECTORY, 0));
  }

  /// TREE as `flatpak build-export` commits it (`flatpak-builtins-build-export.c:commit_filter`):
  /// owned by root, without extended attributes, directories 0755, files 0755 if their owner may
  /// execute them, else 0644. Every directory has an entry, the root too.
  ///
  /// @throws OverpakException if there is a device, FIFO or socket, which no OSTree repository
  ///   holds
  public static FileTree canonical(FileTree tree, long modified) {
    Map<TreePath, Entry> entries = new HashMap<>();
    Entry implied = new Entry.Directory(Attributes.of(DIRECTORY, modified));
    entries.put(TreePath.ROOT, implied);
    tree.entries()
        .forEach(
            (path, entry) -> {
              entries.put(path, canonical(path, entry, modified));
              for (TreePath parent = path.parent();
                  !parent.isRoot() && !tree.contains(parent);
                  parent = parent.parent()) {
                entries.put(parent, implied);
              }
            });
    return FileTree.of(entries);
  }

  private static Entry canonical(TreePath path, Entry entry, long modified) {
    return switch (entry) {
      case Entry.Directory directory -> directory.with(Attributes.of(DIRECTORY, modified));
      case Entry.RegularFile file ->
          file.with(
              Attributes.of((file.attributes().mode() & 0100) != 0 ? EXECUTABLE : PLAIN, modified));
      case Entry.Symlink link -> link.with(Attributes.of(0777, modified));
      case Entry.Special special ->
          throw new OverpakException(
              ExitCode.PACKAGE,
              path
                  + " is a "
                  + special.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                  + "; a Flatpak holds only files, directories and symbolic links",
              "Remove it in the spec's cleanup, or leave out the package that brings it.");
    };
  }

  /// The size that Flatpak shows as installed, in bytes: that of each regular file, hard links
  /// counted each, rounded up to blocks (`flatpak-repo-utils.c:_flatpak_repo_collect_sizes`).
  public static long installedSize(FileTree tree) {
    long size = 0;
    for (Entry entry : tree.entries().values()) {
      if (entry instanceof Entry.RegularFile file) {
        size += (file.content().size() + BLOCK - 1) / BLOCK * BLOCK;
      }
    }
    return size;
  }
}
