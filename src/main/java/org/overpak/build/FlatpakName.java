package org.overpak.build;

import java.nio.file.Path;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.oci.ImageName;

/// Where a Flatpak is or goes: an image, or what Flatpak had before images.
public sealed interface FlatpakName {
  /// What can be named beside images, for help and errors.
  String OTHERS = "ostree:DIRECTORY[:REF] or bundle:FILE";

  /// An image.
  record OfImage(ImageName name) implements FlatpakName {
    @Override
    public String toString() {
      return name.toString();
    }
  }

  /// A ref in an OSTree repository.
  ///
  /// @param ref empty if none was given
  record InRepository(Path directory, String ref) implements FlatpakName {
    @Override
    public String toString() {
      return "ostree:" + directory + (ref.isEmpty() ? "" : ":" + ref);
    }
  }

  /// A file as `flatpak build-bundle` writes it.
  record Bundle(Path file) implements FlatpakName {
    @Override
    public String toString() {
      return "bundle:" + file;
    }
  }

  /// Parses TEXT.
  ///
  /// @throws OverpakException (USAGE) naming what is supported
  static FlatpakName parse(String text) {
    if (text.startsWith("ostree:")) {
      String rest = text.substring("ostree:".length());
      int colon = rest.indexOf(':');
      String directory = colon < 0 ? rest : rest.substring(0, colon);
      return new InRepository(path(text, directory), colon < 0 ? "" : rest.substring(colon + 1));
    }
    if (text.startsWith("bundle:")) {
      return new Bundle(path(text, text.substring("bundle:".length())));
    }
    return new OfImage(ImageName.parse(text));
  }

  private static Path path(String text, String path) {
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      throw new OverpakException(
          ExitCode.USAGE, "'" + text + "' names no file", "Write " + OTHERS + ".");
    }
    return Path.of(path);
  }
}
