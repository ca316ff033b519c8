package org.overpak.rpm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Which files of a package are names of one file: regular, no ghosts, with the same device and
/// inode at the build (rpmfi.cc, `rpmfilesBuildNLink`).
final class HardLinks {
  private HardLinks() {}

  /// The numbers of the files of each set of two or more, in the order of the header.
  static Collection<List<Integer>> of(List<FileInfo> files) {
    Map<Long, List<Integer>> byInode = new LinkedHashMap<>();
    for (int number = 0; number < files.size(); number++) {
      FileInfo file = files.get(number);
      if (file.isRegular() && !file.isGhost() && file.inode() != 0) {
        byInode.computeIfAbsent(file.inode(), _ -> new ArrayList<>(1)).add(number);
      }
    }
    byInode.values().removeIf(members -> members.size() < 2);
    return byInode.values();
  }

  /// Whether two names can be of one file: what an inode holds is the same.
  static boolean isSameFile(FileInfo a, FileInfo b) {
    return a.mode() == b.mode()
        && a.size() == b.size()
        && a.user().equals(b.user())
        && a.group().equals(b.group())
        && Objects.equals(a.contentDigest(), b.contentDigest());
  }
}
