package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What an app shows the host: desktop files, icons, D-Bus services and the like, copies of files
/// in `/app/share` whose names show that they are the app's. Flatpak rewrites them when it installs
/// the app; here they stay as they are.
///
/// @param tree the copies, with paths below `export`
/// @param skipped files that stand where exports are looked for, and are none
/// @param warnings of what does not go together
public record Exports(FileTree tree, List<Skipped> skipped, List<String> warnings) {
  public static final Exports NONE = new Exports(FileTree.EMPTY, List.of(), List.of());

  /// A file that is not exported.
  ///
  /// @param path in the app
  /// @param why a clause, for a warning
  public record Skipped(TreePath path, String why) {}

  public Exports {
    skipped = List.copyOf(skipped);
    warnings = List.copyOf(warnings);
  }

  /// The exports of the app ID.
  ///
  /// @param app what will be `/app`
  /// @param ownNames as {@link FinishArgs#ownNames} gives them
  /// @throws OverpakException (PACKAGE) if a place of exports is something else than a directory,
  ///   or Flatpak would not export it: an icon, or a service that does not go with the app
  public static Exports collect(FileTree app, String id, Collection<String> ownNames) {
    Map<TreePath, Entry> exported = new HashMap<>();
    List<Skipped> skipped = new ArrayList<>();
    for (ExportRule rule : ExportRule.ALL) {
      TreePath source = directory(app, rule.source());
      if (app.subtree(source).isEmpty()) {
        continue;
      }
      // Flatpak makes the directory that holds the target, and removes the target only if it stays
      // empty.
      exported.put(rule.target().parent(), CommitTree.directory());
      app.subtree(source)
          .entries()
          .forEach(
              (path, entry) -> {
                if (isHidden(path) || entry instanceof Entry.Directory) {
                  return;
                }
                String refusal =
                    entry instanceof Entry.RegularFile
                        ? rule.refusal(path.name(), id, ownNames)
                        : "it is no regular file";
                if (refusal.isEmpty()) {
                  exported.put(rule.target().resolve(path), copy(entry));
                } else {
                  skipped.add(new Skipped(rule.source().resolve(path), refusal));
                }
              });
    }
    FileTree tree = tree(exported);
    ExportedIcons.check(tree);
    return new Exports(tree, skipped, ExportedLauncher.check(tree, app, id));
  }

  private static Entry copy(Entry entry) {
    return entry instanceof Entry.RegularFile file
        ? new Entry.RegularFile(file.attributes(), file.content())
        : entry;
  }

  /// Where the directory SOURCE really is. Flatpak follows links on the way to it, and fails if it
  /// is a link itself; here that is followed, too.
  private static TreePath directory(FileTree app, TreePath source) {
    TreePath resolved;
    try {
      resolved = app.resolve(source);
    } catch (IllegalArgumentException e) {
      throw notADirectory(source, e);
    }
    if (app.get(resolved).map(entry -> !(entry instanceof Entry.Directory)).orElse(false)) {
      throw notADirectory(source, new IllegalArgumentException(resolved + " is a file"));
    }
    return resolved;
  }

  private static OverpakException notADirectory(TreePath source, IllegalArgumentException cause) {
    return new OverpakException(
        ExitCode.PACKAGE,
        "/app%s must be a directory: %s".formatted(source, cause.getMessage()),
        "Leave out the package that brings it, or remove it in the cleanup commands.",
        cause);
  }

  /// Whether PATH or a directory on the way is hidden or a backup.
  private static boolean isHidden(TreePath path) {
    return List.of(path.value().split("/")).stream()
        .anyMatch(name -> name.startsWith(".") || name.endsWith("~"));
  }

  private static FileTree tree(Map<TreePath, Entry> exported) {
    try {
      return FileTree.of(exported);
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "exports: a file of share/appdata and a directory of share/metainfo have one name: "
              + e.getMessage(),
          "Rename one of them.",
          e);
    }
  }
}
