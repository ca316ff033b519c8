package org.overpak.build;

import java.util.List;
import org.overpak.flatpak.RuntimeFiles;

/// What an import made.
///
/// @param packages how many are in the RPM database
/// @param dropped what of the root is not in the image
public record ImportedRuntime(
    WrittenImage image, int packages, List<RuntimeFiles.Dropped> dropped, List<String> notes) {
  public ImportedRuntime {
    dropped = List.copyOf(dropped);
    notes = List.copyOf(notes);
  }
}
