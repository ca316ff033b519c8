package org.overpak.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.oci.DirectoryPartCache;
import org.overpak.oci.ImageCache;
import org.overpak.tree.Directories;

/// A directory in the cache for the files of one build, which goes with the build.
///
/// @param cache what builds share
record WorkDirectory(Path path, Path cache) implements AutoCloseable {
  /// As many bytes as a few runtimes and some dozens of apps have.
  private static final long LARGEST_PARTS = 2L << 30;

  /// @throws OverpakException (FILESYSTEM) if CACHE cannot be written
  static WorkDirectory in(Path cache) {
    Path parent = cache.resolve("work");
    try {
      Files.createDirectories(parent);
      return new WorkDirectory(Files.createTempDirectory(parent, ""), cache);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "the cache " + cache + " cannot be written: " + e.getMessage(),
          "Free or repair it, or choose another with --cache DIRECTORY.",
          e);
    }
  }

  /// What the layers of images hold that were read before.
  ImageCache images() {
    return new ImageCache(cache.resolve("images"));
  }

  /// Where runtimes are unpacked for sandboxes.
  Path roots() {
    return cache.resolve("roots");
  }

  /// Parts of layers that were compressed before.
  DirectoryPartCache parts() {
    return new DirectoryPartCache(cache.resolve("parts"), LARGEST_PARTS);
  }

  /// Deletes it with all in it; what cannot be deleted harms nobody.
  @Override
  public void close() {
    try {
      Directories.delete(path);
    } catch (IOException _) {
      // Said above.
    }
  }
}
