package org.overpak.flatpak;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Translations where Flatpak can leave out those that a user does not read: `share/locale/pt_BR`
/// becomes a link to `share/runtime/locale/pt/share/pt_BR`, and so in `lib/locale`
/// (`builder-utils.c:builder_migrate_locale_dirs`).
final class LocaleFiles {
  /// What the extension with the translations is mounted on.
  static final TreePath DIRECTORY = new TreePath("share/runtime/locale");

  /// English and what is no language are always there.
  private static final Set<String> KEPT = Set.of("C", "en");

  private static final int LINK = 0777;

  private LocaleFiles() {}

  /// FILES, seen from `/app` or `/usr`, with all translations moved.
  static FileTree moved(FileTree files) {
    FileTree result = files;
    for (String directory : List.of("lib", "share")) {
      result = moved(result, directory);
    }
    return result;
  }

  private static FileTree moved(FileTree files, String directory) {
    TreePath source = files.resolve(new TreePath(directory + "/locale"));
    Map<TreePath, TreePath> moves = new HashMap<>();
    for (String name : files.list(source)) {
      TreePath from = source.resolve(name);
      // A link from one language to another follows it to its new place.
      if (!KEPT.contains(language(name))
          && (files.get(from).orElse(CommitTree.directory()) instanceof Entry.Directory)) {
        moves.put(from, DIRECTORY.resolve(language(name)).resolve(directory).resolve(name));
      }
    }
    if (moves.isEmpty()) {
      return files;
    }
    FileTree result = files.filter((path, _) -> !isBelow(path, source, moves));
    Map<TreePath, Entry> added = new HashMap<>();
    moves.forEach(
        (from, to) -> {
          files
              .subtree(from)
              .entries()
              .forEach((path, entry) -> added.put(to.resolve(path), entry));
          for (TreePath above = to; !above.isRoot(); above = above.parent()) {
            if (files.get(above).isEmpty()) {
              added.putIfAbsent(above, CommitTree.directory());
            }
          }
          added.put(from, new Entry.Symlink(Attributes.of(LINK, 0), link(source, to)));
        });
    return result.overlay(FileTree.of(added));
  }

  private static boolean isBelow(TreePath path, TreePath source, Map<TreePath, TreePath> moves) {
    if (!path.startsWith(source) || path.equals(source)) {
      return false;
    }
    String below = path.relativeTo(source).value();
    int slash = below.indexOf('/');
    return moves.containsKey(source.resolve(slash < 0 ? below : below.substring(0, slash)));
  }

  /// As builders write it, where the directory is not itself behind a link.
  private static String link(TreePath source, TreePath target) {
    return "../".repeat(source.value().split("/", -1).length) + target.value();
  }

  /// `pt` of `pt_BR`, `sr` of `sr@latin`.
  private static String language(String locale) {
    return locale.split("[@_.]", 2)[0];
  }
}
