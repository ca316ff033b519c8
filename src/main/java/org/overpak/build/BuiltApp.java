package org.overpak.build;

import java.util.List;
import org.overpak.install.Leak;
import org.overpak.tree.TreePath;

/// What an app build made, and what a person should know of it.
///
/// @param extensions that were split off the app, written into the same place under their refs
/// @param selection which packages were added and why
/// @param dropped leaks that were allowed, and are not in the image
/// @param lost what scripts changed or removed outside `/app`, which is not in the image
/// @param unchecked ids of repositories whose signatures were not checked because the user said so
/// @param notes what is not wrong but worth a look
public record BuiltApp(
    WrittenImage image,
    List<WrittenImage> extensions,
    Selection selection,
    List<Leak> dropped,
    List<TreePath> lost,
    List<String> unchecked,
    List<String> notes) {
  public BuiltApp {
    extensions = List.copyOf(extensions);
    dropped = List.copyOf(dropped);
    lost = List.copyOf(lost);
    unchecked = List.copyOf(unchecked);
    notes = List.copyOf(notes);
  }
}
