package org.overpak.oci;

import java.nio.file.Path;
import java.util.List;
import org.overpak.OverpakException;

/// A directory that holds images ([image-spec,
/// image-layout](https://github.com/opencontainers/image-spec/blob/main/image-layout.md)).
public final class ImageLayout {
  private ImageLayout() {}

  /// The image called NAME; if NAME has no reference, the only one that is there. Manifest and
  /// config are read and verified, layers are not read yet.
  ///
  /// @throws OverpakException (IMAGE) if there is no such image or anything of it is missing or
  ///   wrong; if NAME fits none or several, the message lists those that are there
  public static Image open(ImageName.Layout name) {
    return LayoutReader.open(name);
  }

  /// The references of all images in DIRECTORY, in the order of its index; those without one are
  /// left out.
  public static List<String> references(Path directory) {
    return new LayoutReader(new ImageName.Layout(directory, "")).references();
  }
}
