package org.overpak.build;

import java.nio.file.Path;
import java.util.List;
import org.overpak.Progress;
import org.overpak.oci.ImageName;

/// Makes an image of any layout of a Flatpak, whose commit stays what it is, as do its labels.
public final class LayoutConversion {
  private LayoutConversion() {}

  /// Writes what is called NAME to OUTPUT in the layout TARGET.
  ///
  /// @throws org.overpak.OverpakException (IMAGE) if it is missing, damaged or no Flatpak
  public static WrittenImage run(
      FlatpakName name, LayoutChoice target, ImageName output, Path cache, Progress progress) {
    try (var work = WorkDirectory.in(cache)) {
      FlatpakSource source = FlatpakSource.open(name, work, progress);
      return new ImageOutput(output, work)
          .write(List.of(layout -> target.writeInto(layout, source, work, progress)))
          .getFirst();
    }
  }

  /// As above, of an image.
  static WrittenImage run(
      ImageName name, LayoutChoice target, ImageName output, Path cache, Progress progress) {
    return run(new FlatpakName.OfImage(name), target, output, cache, progress);
  }
}
