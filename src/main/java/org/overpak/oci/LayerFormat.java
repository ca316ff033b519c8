package org.overpak.oci;

import java.time.Instant;

/// How a layer is written.
///
/// @param level of the compression: 1 to 9 for gzip, 1 to 22 for zstd
/// @param implied time of directories that a tree has only as parents of its entries
public record LayerFormat(Compression compression, int level, Instant implied) {
  public LayerFormat {
    int highest = compression == Compression.ZSTD ? 22 : 9;
    if (level < 1 || level > highest) {
      throw new IllegalArgumentException("%s has no level %d".formatted(compression, level));
    }
  }

  /// The level that gzip and zstd have by default.
  public static LayerFormat of(Compression compression, Instant implied) {
    return new LayerFormat(
        compression,
        switch (compression) {
          case NONE, GZIP -> 6;
          case ZSTD -> 3;
        },
        implied);
  }
}
