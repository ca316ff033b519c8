package org.overpak.rpm;

import java.util.Collections;
import java.util.List;

/// A package file whose files are in the root, to be written down in the database.
///
/// @param states what became of each of its files, in the header's order; ghosts are normal
public record Installation(PackageFile file, List<FileState> states) {
  public Installation {
    states = List.copyOf(states);
    int files = file.header().files().size();
    if (states.size() != files) {
      throw new IllegalArgumentException(
          "%d states for the %d files of %s".formatted(states.size(), files, file));
    }
  }

  /// FILE with all its files as they were in it.
  public static Installation whole(PackageFile file) {
    return new Installation(
        file, Collections.nCopies(file.header().files().size(), FileState.NORMAL));
  }
}
