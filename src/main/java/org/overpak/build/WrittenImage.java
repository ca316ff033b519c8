package org.overpak.build;

import org.overpak.Digest;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;

/// An image that is now in a layout.
///
/// @param digest of its manifest
/// @param downloadSize of its layer, compressed, in bytes
/// @param installedSize as Flatpak counts it, in bytes
public record WrittenImage(
    ImageName.Layout name, Digest digest, Ref ref, long downloadSize, long installedSize) {}
