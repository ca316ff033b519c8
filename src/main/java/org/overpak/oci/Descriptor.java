package org.overpak.oci;

import org.overpak.Digest;

/// Names a blob by what it is ([image-spec,
/// descriptor](https://github.com/opencontainers/image-spec/blob/main/descriptor.md)).
///
/// @param size in bytes, of the blob as stored
public record Descriptor(String mediaType, Digest digest, long size) {
  public Descriptor {
    if (size < 0) {
      throw new IllegalArgumentException("negative size of " + digest + ": " + size);
    }
  }
}
