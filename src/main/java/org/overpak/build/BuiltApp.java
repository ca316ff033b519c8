package org.overpak.build;

import java.util.ArrayList;
import java.util.List;
import org.overpak.install.Leak;
import org.overpak.tree.TreePath;

/// What an app build made, and what a person should know of it.
///
/// @param extensions that were split off the app, written into the same place under their refs
/// @param added by name, then version
/// @param satisfied specs that the runtime met by itself, and by which packages
/// @param dropped leaks that were allowed, and are not in the image
/// @param lost what scripts changed or removed outside `/app`, which is not in the image
/// @param unchecked ids of repositories whose signatures were not checked because the user said so
/// @param notes what is not wrong but worth a look
/// @param isRuntimeScanned whether the runtime has no RPM database, so that what it provides was
///   found in its files
/// @param isRemembered whether nothing was built, since nothing had changed since the same was
///   built
public record BuiltApp(
    WrittenImage image,
    List<WrittenImage> extensions,
    List<AddedPackage> added,
    List<String> satisfied,
    List<Leak> dropped,
    List<TreePath> lost,
    List<String> unchecked,
    List<String> notes,
    boolean isRuntimeScanned,
    boolean isRemembered) {
  public BuiltApp {
    extensions = List.copyOf(extensions);
    added = List.copyOf(added);
    satisfied = List.copyOf(satisfied);
    dropped = List.copyOf(dropped);
    lost = List.copyOf(lost);
    unchecked = List.copyOf(unchecked);
    notes = List.copyOf(notes);
  }

  /// What was made of the app itself, and then of its extensions.
  List<WrittenImage> images() {
    List<WrittenImage> images = new ArrayList<>();
    images.add(image);
    images.addAll(extensions);
    return images;
  }
}
