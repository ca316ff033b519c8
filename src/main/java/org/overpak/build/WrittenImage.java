package org.overpak.build;

import org.overpak.Digest;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;

/// An image that was written.
///
/// @param digest of its manifest
/// @param downloadSize of its layer, compressed, in bytes
/// @param installedSize as Flatpak counts it, in bytes
public record WrittenImage(
    ImageName name, Digest digest, Ref ref, long downloadSize, long installedSize) {
  /// Its name, of one that was written into a layout.
  ImageName.Layout layout() {
    return (ImageName.Layout) name;
  }

  /// The same image, which is also at OTHER.
  WrittenImage in(ImageName other) {
    return new WrittenImage(other, digest, ref, downloadSize, installedSize);
  }
}
