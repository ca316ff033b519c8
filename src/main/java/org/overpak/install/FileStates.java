package org.overpak.install;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.overpak.rpm.FileInfo;
import org.overpak.rpm.FileSelection;
import org.overpak.rpm.FileState;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.tree.TreePath;

/// What becomes of the files of a transaction's packages: what is left out on purpose, and which of
/// two programs or libraries at one path gives way to that of the preferred ELF class
/// (transaction.c, `skipInstallFiles` and `handleColorConflict`).
final class FileStates {
  /// `%_prefer_color`, where no macro says otherwise: 64 bits.
  private static final int PREFERRED = 2;

  private final Map<Nevra, List<FileState>> states = new HashMap<>();

  /// A file that is to be installed, by its place among the states of its package.
  private record Claim(List<FileState> states, int number, int color) {
    void giveWay() {
      states.set(number, FileState.WRONG_COLOR);
    }
  }

  private FileStates() {}

  /// @param color of the transaction; 0 where colors are not looked at
  static FileStates of(List<PackageHeader> order, FileSelection selection, int color) {
    var result = new FileStates();
    Map<TreePath, Claim> claims = new HashMap<>();
    for (PackageHeader header : order) {
      List<FileState> own = new ArrayList<>(selection.states(header));
      if (color != 0) {
        List<FileInfo> files = header.files();
        for (int i = 0; i < files.size(); i++) {
          if (files.get(i).color() != 0 && own.get(i).isInstalled()) {
            var claim = new Claim(own, i, files.get(i).color());
            Claim before = claims.put(files.get(i).path(), claim);
            if ((claim.color() & color) == 0) {
              claim.giveWay();
            } else if (before != null && before.color() != claim.color()) {
              loser(before, claim).ifPresent(Claim::giveWay);
            }
          }
        }
      }
      result.states.put(header.nevra(), own);
    }
    result.states.replaceAll((_, list) -> List.copyOf(list));
    return result;
  }

  /// Empty if neither is preferred: that is a conflict.
  private static Optional<Claim> loser(Claim before, Claim after) {
    return (after.color() & PREFERRED) != 0
        ? Optional.of(before)
        : Optional.of(after).filter(_ -> (before.color() & PREFERRED) != 0);
  }

  /// Of each file of HEADER, in its order.
  List<FileState> of(PackageHeader header) {
    return states.getOrDefault(header.nevra(), List.of());
  }
}
