package org.overpak.build;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.oci.ImageName;

/// Where the result of a container build is.
public sealed interface ExportSource {
  /// For help and errors.
  String SUPPORTED = ImageName.READABLE + ", or dir:ROOT";

  /// An image that was committed.
  record OfImage(ImageName name) implements ExportSource {
    @Override
    public String toString() {
      return name.toString();
    }
  }

  /// The root directory of a container, mounted or exported; inside the container that is `/`. What
  /// is mounted below it is not part of it.
  record Root(Path directory) implements ExportSource {
    @Override
    public String toString() {
      return "dir:" + directory;
    }
  }

  /// Parses TEXT.
  ///
  /// @throws OverpakException (USAGE) naming what is supported
  static ExportSource parse(String text) {
    if (!text.startsWith("dir:")) {
      return new OfImage(ImageName.parse(text));
    }
    try {
      Path directory = Path.of(text.substring("dir:".length()));
      if (directory.toString().isEmpty()) {
        throw new InvalidPathException(text, "no directory");
      }
      // skopeo's transport of this name has an image's parts in a directory.
      if (Files.exists(directory.resolve("manifest.json"))
          && Files.exists(directory.resolve("version"))) {
        throw new OverpakException(
            ExitCode.USAGE,
            "'" + text + "' is an image as skopeo's dir: writes it, not the root of a system",
            "Copy it first: skopeo copy %s oci:DIRECTORY:NAME.".formatted(text));
      }
      return new Root(directory);
    } catch (InvalidPathException e) {
      throw new OverpakException(
          ExitCode.USAGE,
          "not a directory's name: '" + text + "': " + e.getReason(),
          "Write " + SUPPORTED + ".",
          e);
    }
  }
}
