package org.overpak.oci;

import java.util.Locale;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// What layers are compressed with, and how hard it tries.
///
/// @param level 1 to 9 of gzip, 1 to 22 of zstd, 0 of none
public record LayerCompression(Compression algorithm, int level) {
  /// Half the time of gzip and less, to compress and to unpack, for the same size. Flatpak reads it
  /// through libarchive, which has it since 3.3.3 of 2018; buildah, podman, skopeo and containerd
  /// do since 2020, Docker since 23.
  public static final LayerCompression DEFAULT = of(Compression.ZSTD);

  public LayerCompression {
    if (level < lowest(algorithm) || level > highest(algorithm)) {
      throw new IllegalArgumentException(
          "the levels of %s are %d to %d"
              .formatted(name(algorithm), lowest(algorithm), highest(algorithm)));
    }
  }

  /// With the level that gzip and zstd have by default.
  public static LayerCompression of(Compression algorithm) {
    return new LayerCompression(
        algorithm,
        switch (algorithm) {
          case NONE -> 0;
          case GZIP -> 6;
          case ZSTD -> 3;
        });
  }

  /// Reads what {@link #toString} writes; the level may be left out.
  ///
  /// @throws OverpakException (USAGE) if TEXT is no such name
  public static LayerCompression parse(String text) {
    String[] parts = text.split(":", 2);
    try {
      var algorithm = Compression.valueOf(parts[0].toUpperCase(Locale.ROOT));
      return parts.length == 1
          ? of(algorithm)
          : new LayerCompression(algorithm, Integer.parseInt(parts[1]));
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.USAGE,
          "'%s' is no way to compress layers".formatted(text),
          "Write zstd or gzip, with a level after a colon if you like (zstd:1 to zstd:22, gzip:1 to"
              + " gzip:9), or none.",
          e);
    }
  }

  /// Whether that takes less time than to find out, by a digest, if it was done before.
  public boolean isQuick() {
    return switch (algorithm) {
      case NONE -> true;
      case GZIP -> false;
      case ZSTD -> level <= 5;
    };
  }

  private static int lowest(Compression algorithm) {
    return algorithm == Compression.NONE ? 0 : 1;
  }

  private static int highest(Compression algorithm) {
    return switch (algorithm) {
      case NONE -> 0;
      case GZIP -> 9;
      case ZSTD -> 22;
    };
  }

  private static String name(Compression algorithm) {
    return algorithm.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return algorithm == Compression.NONE ? name(algorithm) : name(algorithm) + ":" + level;
  }
}
