package org.overpak.build;

import java.util.List;
import org.overpak.install.Leak;
import org.overpak.rpm.Nevra;
import org.overpak.tree.TreePath;

/// What an export made, and what a person should know of it.
///
/// @param extensions that were split off the app, written into the same place under their refs
/// @param added packages that the container build installed, in that order
/// @param unowned how many files in `/app` are of no package
/// @param dropped leaks that were allowed, and are not in the image
/// @param lost other files in `/usr` that the container build added, changed or removed, which was
///   allowed, and which the image does not have
/// @param notes what is not wrong but worth a look
public record ExportedApp(
    WrittenImage image,
    List<WrittenImage> extensions,
    List<Nevra> added,
    int unowned,
    List<Leak> dropped,
    List<TreePath> lost,
    List<String> notes) {
  public ExportedApp {
    extensions = List.copyOf(extensions);
    added = List.copyOf(added);
    dropped = List.copyOf(dropped);
    lost = List.copyOf(lost);
    notes = List.copyOf(notes);
  }
}
