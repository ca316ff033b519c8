package org.overpak.oci;

import java.nio.file.Path;
import org.overpak.Digest;

/// A layer that was written and is in no image yet.
///
/// @param file holds it; moved away when the image is written, else the caller's to delete
public record WrittenLayer(Descriptor descriptor, Digest diffId, Path file) {}
