package org.overpak.flatpak;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeBuilder;
import org.overpak.tree.TreePath;

/// A runtime image that is also a system which a container engine can run: beside `metadata` and
/// `files` stand the links and empty directories that make `/usr` of `files` and `/etc` of
/// `files/etc`.
///
/// Flatpak deploys these entries beside `files` and never looks at them. The tree is real in
/// `files`, and the links lead there, not the other way round: Flatpak opens `files` without
/// following links, and no entry of an archive may lie below a link.
public final class HybridLayout {
  private static final TreePath USR = new TreePath("usr");
  private static final TreePath ETC = new TreePath("etc");
  private static final TreePath FILES_ETC = new TreePath("files/etc");

  /// Links at the top that distributions have, each made if `/usr` holds what it leads to, as in
  /// Flatpak's sandbox.
  private static final List<String> MERGED =
      List.of("bin", "lib", "lib32", "lib64", "libx32", "sbin");

  /// Directories of a system that lie outside `/usr`.
  ///
  /// Their mode is 0755, even root's home, which others would find locked in a system-wide
  /// installation. All but two, since whoever is not root needs a place for temporary files in a
  /// container: OSTree refuses mode bits outside 0775 for files only, stores 01777 for directories,
  /// and checks them out as 0775 or 0755 where it cannot keep it. (An image imported into an
  /// archive repository and into one of mode bare-user-only gets two commit ids by that; nothing
  /// asks for them to be equal.)
  private static final List<String> DIRECTORIES =
      List.of(
          "app",
          "boot",
          "dev",
          "home",
          "media",
          "mnt",
          "opt",
          "proc",
          "root",
          "run",
          "srv",
          "sys",
          "tmp",
          "var",
          "var/cache",
          "var/db",
          "var/lib",
          "var/local",
          "var/log",
          "var/opt",
          "var/spool",
          "var/tmp");

  private static final Set<String> FOR_EVERYBODY = Set.of("tmp", "var/tmp");

  /// Where an RPM database may lie in `/usr`; `/var/lib/rpm`, where rpm looks by default, becomes a
  /// link to the first that is there.
  private static final List<String> RPM_DATABASES = List.of("lib/sysimage/rpm", "share/rpm");

  /// What the commit or an OSTree repository beside it needs and the system does not have.
  private static final Set<String> NOT_OF_THE_SYSTEM =
      Set.of("metadata", "export", "files", "usr", "etc", "sysroot", "ostree");

  private HybridLayout() {}

  /// The commit tree of a runtime with the entries that make it a system; what is there stays.
  ///
  /// @param tree as {@link CommitTree#ofRuntime} makes it, or as it was read from an image
  /// @param modified seconds since 1970, of the new entries
  /// @throws OverpakException if TREE has no `files`, or has something else where an entry must be
  public static FileTree addTo(FileTree tree, long modified) {
    requireFiles(tree);
    var result = new TreeBuilder(tree);
    additions(tree, modified)
        .forEach(
            (path, entry) -> {
              Optional<Entry> there = result.get(path);
              boolean isDirectory =
                  there.map(Entry.Directory.class::isInstance).orElse(!tree.list(path).isEmpty());
              if (there.isEmpty() && !isDirectory) {
                result.put(path, entry);
              } else if (isDirectory != entry instanceof Entry.Directory) {
                throw new OverpakException(
                    ExitCode.IMAGE,
                    path + " is in the way of the hybrid layout: it must be " + describe(entry),
                    "Convert the image to the plain layout first.");
              }
            });
    return result.build();
  }

  /// The links at the top that the hybrid layout of IMAGE has or should have, with their targets.
  public static SortedMap<TreePath, String> links(FileTree image) {
    SortedMap<TreePath, String> result = new TreeMap<>();
    additions(image, 0)
        .forEach(
            (path, entry) -> {
              if (entry instanceof Entry.Symlink link && path.parent().isRoot()) {
                result.put(path, link.target());
              }
            });
    return result;
  }

  private static String describe(Entry entry) {
    return entry instanceof Entry.Symlink link ? "a link to " + link.target() : "a directory";
  }

  private static SortedMap<TreePath, Entry> additions(FileTree tree, long modified) {
    SortedMap<TreePath, Entry> entries = new TreeMap<>();
    entries.put(USR, link("files", modified));
    if (tree.contains(FILES_ETC)) {
      entries.put(ETC, link("files/etc", modified));
    }
    for (String name : MERGED) {
      if (tree.contains(CommitTree.FILES.resolve(name))) {
        entries.put(new TreePath(name), link("usr/" + name, modified));
      }
    }
    for (String directory : DIRECTORIES) {
      int mode = FOR_EVERYBODY.contains(directory) ? 01777 : 0755;
      entries.put(new TreePath(directory), new Entry.Directory(Attributes.of(mode, modified)));
    }
    entries.put(new TreePath("var/run"), link("../run", modified));
    // Where BSD's and musl's programs look for the time zone.
    entries.put(new TreePath("var/db/zoneinfo"), link("/etc/localtime", modified));
    RPM_DATABASES.stream()
        .filter(database -> !tree.list(CommitTree.FILES.resolve(database)).isEmpty())
        .findFirst()
        .ifPresent(
            database ->
                entries.put(new TreePath("var/lib/rpm"), link("../../usr/" + database, modified)));
    return entries;
  }

  private static Entry link(String target, long modified) {
    return new Entry.Symlink(Attributes.of(0777, modified), target);
  }

  /// Whether the layout itself makes up for ENTRY of an installed system, so that nothing is lost
  /// with it.
  static boolean provides(TreePath path, Entry entry) {
    return entry instanceof Entry.Symlink link
        && switch (path.value()) {
          case "var/run" -> link.target().endsWith("run");
          case "var/lib/rpm" -> link.target().endsWith("/rpm");
          default -> MERGED.contains(path.value()) && link.target().endsWith("usr/" + path.value());
        };
  }

  /// The commit tree alone, as in the plain layout.
  ///
  /// @throws OverpakException if TREE has no `files`
  public static FileTree removeFrom(FileTree tree) {
    requireFiles(tree);
    return tree.filter(
        (path, _) ->
            path.isRoot()
                || path.equals(CommitTree.METADATA)
                || path.startsWith(CommitTree.FILES)
                || path.startsWith(CommitTree.EXPORT));
  }

  /// The system that an engine sees in IMAGE, a runtime of the plain or the hybrid layout, with
  /// `/usr` and `/etc` as the directories they are and all else that makes a system: what a package
  /// is installed over.
  ///
  /// @throws OverpakException if IMAGE has no `files`
  public static FileTree systemRoot(FileTree image) {
    FileTree hybrid = addTo(image, 0);
    FileTree beside =
        hybrid.filter((path, _) -> !NOT_OF_THE_SYSTEM.contains(path.value().split("/")[0]));
    FileTree usr = hybrid.subtree(CommitTree.FILES).filter((path, _) -> !path.startsWith(ETC));
    return beside.overlay(usr.under(USR)).overlay(hybrid.subtree(FILES_ETC).under(ETC));
  }

  private static void requireFiles(FileTree tree) {
    boolean real =
        tree.get(CommitTree.FILES).map(Entry.Directory.class::isInstance).orElse(true)
            && !tree.list(CommitTree.FILES).isEmpty();
    if (!real) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "the image has no directory /files",
          "Give the image of a Flatpak runtime, in the plain or the hybrid layout.");
    }
  }
}
