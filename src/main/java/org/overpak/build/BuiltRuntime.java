package org.overpak.build;

import java.util.List;
import org.overpak.flatpak.RuntimeFiles;

/// What a runtime build made, and what a person should know of it.
///
/// @param selection which packages were installed and why
/// @param dropped what of the installed system is not in the image
/// @param unchecked ids of repositories whose signatures were not checked because the user said so
/// @param notes what is not wrong but worth a look
public record BuiltRuntime(
    WrittenImage image,
    Selection selection,
    List<RuntimeFiles.Dropped> dropped,
    List<String> unchecked,
    List<String> notes) {
  public BuiltRuntime {
    dropped = List.copyOf(dropped);
    unchecked = List.copyOf(unchecked);
    notes = List.copyOf(notes);
  }

  /// The packages that were installed.
  public List<AddedPackage> added() {
    return AddedPackage.of(selection);
  }
}
