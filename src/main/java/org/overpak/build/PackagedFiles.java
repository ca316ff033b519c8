package org.overpak.build;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.overpak.install.Leak;
import org.overpak.rpm.FileInfo;
import org.overpak.rpm.FileState;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.Nevra;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Which files of a root are of which installed packages, as their headers say.
final class PackagedFiles {
  private final FileTree root;

  /// For each package, in their order, what its payload had and no package before it.
  private final Map<Nevra, Set<TreePath>> files = new LinkedHashMap<>();

  private final Map<TreePath, Nevra> owners = new TreeMap<>();

  /// Owned, but written by scripts or users.
  private final Set<TreePath> ghosts = new HashSet<>();

  PackagedFiles(FileTree root, List<InstalledPackage> packages) {
    this.root = root;
    packages.forEach(this::add);
  }

  private void add(InstalledPackage one) {
    Set<TreePath> own = new HashSet<>();
    List<FileState> states = one.fileStates();
    List<FileInfo> all = one.header().files();
    for (int i = 0; i < all.size(); i++) {
      boolean isThere = states.get(i).isInstalled() || states.get(i) == FileState.UNKNOWN;
      TreePath path = real(all.get(i).path());
      if (!isThere || !root.contains(path) || owners.putIfAbsent(path, one.nevra()) != null) {
        continue;
      }
      if (all.get(i).isGhost()) {
        ghosts.add(path);
      } else {
        own.add(path);
      }
    }
    files.put(one.nevra(), own);
  }

  /// Where rpm puts what a header calls PATH: through links that the root has.
  private TreePath real(TreePath path) {
    try {
      return root.resolveParents(path);
    } catch (IllegalArgumentException _) {
      return path; // links in a circle: nothing is there
    }
  }

  boolean has(TreePath path) {
    return owners.containsKey(path);
  }

  /// What the payload of PACKAGE had, and no package before it.
  Set<TreePath> of(Nevra one) {
    return files.getOrDefault(one, Set.of());
  }

  List<Set<TreePath>> parts() {
    return List.copyOf(files.values());
  }

  /// What lies outside PREFIX, sorted by path; directories that BASE has are no leaks.
  List<Leak> outside(TreePath prefix, FileTree base) {
    return owners.entrySet().stream()
        .filter(file -> !file.getKey().startsWith(prefix) && !ghosts.contains(file.getKey()))
        .filter(file -> !isDirectory(file.getKey(), base))
        .map(file -> new Leak(file.getValue(), file.getKey()))
        .toList();
  }

  private boolean isDirectory(TreePath path, FileTree base) {
    return root.get(path).orElse(null) instanceof Entry.Directory && base.contains(path);
  }

  /// How many files of TREE are of no package.
  int unowned(FileTree tree) {
    return (int)
        tree.entries().entrySet().stream()
            .filter(file -> !(file.getValue() instanceof Entry.Directory) && !has(file.getKey()))
            .count();
  }
}
