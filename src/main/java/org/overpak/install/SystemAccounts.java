package org.overpak.install;

import java.util.List;
import org.overpak.rpm.Sysusers;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The files of a root that its users and groups are in.
final class SystemAccounts {
  static final List<TreePath> FILES =
      List.of(
          new TreePath("etc/passwd"),
          new TreePath("etc/group"),
          new TreePath("etc/shadow"),
          new TreePath("etc/gshadow"));

  private SystemAccounts() {}

  /// What of the files BEFORE changes by making what is ASKED for, or is new.
  ///
  /// @param time of the files that change, seconds since 1970, UTC
  static FileTree made(FileTree before, Sysusers asked, long time) {
    FileTree after = asked.applyTo(before, time);
    return after.filter((path, entry) -> !before.get(path).map(entry::equals).orElse(false));
  }
}
