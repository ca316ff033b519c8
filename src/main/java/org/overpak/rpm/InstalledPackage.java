package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;

/// A package in an RPM database.
///
/// @param number its row, which grows with the order of installation and is never reused
public record InstalledPackage(int number, PackageHeader header) {
  public Nevra nevra() {
    return header.nevra();
  }

  /// Seconds since 1970, UTC.
  public long installTime() {
    return header.header().number(Tag.INSTALLTIME, 0);
  }

  /// The same for all packages of one transaction.
  public long transaction() {
    return header.header().number(Tag.INSTALLTID, 0);
  }

  /// One for each of the header's files, in their order.
  public List<FileState> fileStates() {
    long[] states = header.header().numbers(Tag.FILESTATES);
    int files = header.files().size();
    if (states.length != 0 && states.length != files) {
      throw header.header().origin().malformed("%d states for %d files", states.length, files);
    }
    List<FileState> result = new ArrayList<>(files);
    for (int i = 0; i < files; i++) {
      result.add(states.length == 0 ? FileState.UNKNOWN : FileState.numbered(states[i]));
    }
    return result;
  }
}
