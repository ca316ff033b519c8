package org.overpak.oci;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Where an image is: a transport and what it needs, written as skopeo and podman write it
/// (containers-transports(5)).
public sealed interface ImageName {
  /// What can be named, for help and errors.
  String SUPPORTED = "oci:DIRECTORY[:NAME]";

  /// An image in a layout on disk.
  ///
  /// @param directory the layout; need not exist yet if the image is to be written
  /// @param reference its `org.opencontainers.image.ref.name`, empty if none was given
  record Layout(Path directory, String reference) implements ImageName {
    public Layout {
      if (reference.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
        throw new IllegalArgumentException(
            "image name has a space or a control character: '" + reference + "'");
      }
    }

    public boolean hasReference() {
      return !reference.isEmpty();
    }

    /// The image of that name in the same layout.
    public Layout withReference(String other) {
      return new Layout(directory, other);
    }

    @Override
    public String toString() {
      return "oci:" + directory + (hasReference() ? ":" + reference : "");
    }
  }

  /// Parses TEXT. As with skopeo, the first colon after the transport ends the directory, which
  /// therefore has none; NAME may hold slashes and colons.
  ///
  /// @throws OverpakException (USAGE) naming what is supported
  static ImageName parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw wrong(text, "no transport");
    }
    String transport = text.substring(0, colon);
    if (!transport.equals("oci")) {
      throw wrong(text, "the transport '" + transport + "' is not supported");
    }
    String rest = text.substring(colon + 1);
    int end = rest.indexOf(':');
    String directory = end < 0 ? rest : rest.substring(0, end);
    if (directory.isEmpty()) {
      throw wrong(text, "no directory");
    }
    if (end == rest.length() - 1) {
      throw wrong(text, "nothing after the last colon");
    }
    try {
      return new Layout(Path.of(directory), end < 0 ? "" : rest.substring(end + 1));
    } catch (InvalidPathException e) {
      throw wrong(text, e.getReason());
    } catch (IllegalArgumentException e) {
      throw wrong(text, String.valueOf(e.getMessage()));
    }
  }

  private static OverpakException wrong(String text, String why) {
    return new OverpakException(
        ExitCode.USAGE, "not an image name: '" + text + "': " + why, "Write " + SUPPORTED + ".");
  }
}
