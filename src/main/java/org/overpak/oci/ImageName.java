package org.overpak.oci;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Where an image is: a transport and what it needs, written as skopeo and podman write it
/// (containers-transports(5)).
public sealed interface ImageName {
  /// Where an image can be written to, for help and errors.
  String WRITABLE =
      "oci:DIRECTORY[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:NAME:TAG] or"
          + " dir:DIRECTORY";

  /// Where an image can be read from, for help and errors.
  String READABLE =
      "oci:DIRECTORY[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:NAME:TAG],"
          + " dir:DIRECTORY or containers-storage:NAME";

  /// An image in a layout on disk.
  ///
  /// @param directory the layout; need not exist yet if the image is to be written
  /// @param reference its `org.opencontainers.image.ref.name`, empty if none was given
  record Layout(Path directory, String reference) implements ImageName {
    public Layout {
      requireReference(reference);
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

  /// An image in a layout that was packed into a tar, which may be compressed.
  ///
  /// @param reference as in a layout
  record LayoutArchive(Path file, String reference) implements ImageName {
    public LayoutArchive {
      requireReference(reference);
    }

    @Override
    public String toString() {
      return "oci-archive:" + file + (reference.isEmpty() ? "" : ":" + reference);
    }
  }

  /// An image in a tar as `docker save` writes it, which may be compressed.
  ///
  /// @param reference `NAME:TAG`, or `@N` for the image at that place, counted from 0; empty if
  ///   none was given
  record DockerArchive(Path file, String reference) implements ImageName {
    public DockerArchive {
      requireReference(reference);
    }

    @Override
    public String toString() {
      return "docker-archive:" + file + (reference.isEmpty() ? "" : ":" + reference);
    }
  }

  /// An image as the files that it consists of, side by side.
  record Directory(Path directory) implements ImageName {
    @Override
    public String toString() {
      return "dir:" + directory;
    }
  }

  /// An image in the storage that podman, buildah and CRI-O share.
  ///
  /// @param image as these programs take it; may begin with `[DRIVER@ROOT+RUNROOT]`
  record Storage(String image) implements ImageName {
    public Storage {
      requireReference(image);
      // Else it would be an option of the program that is asked for it.
      if (image.isEmpty() || image.startsWith("-")) {
        throw new IllegalArgumentException("no name of an image: '" + image + "'");
      }
    }

    @Override
    public String toString() {
      return "containers-storage:" + image;
    }
  }

  private static void requireReference(String reference) {
    if (reference.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw new IllegalArgumentException(
          "image name has a space or a control character: '" + reference + "'");
    }
  }

  /// Manifest and config of the image, read and verified; its layers are not read yet.
  ///
  /// @param scratch where the image is put if it is not in a layout; made if it is not there, and
  ///   to be kept as long as the image or a tree of it is used
  /// @throws OverpakException (IMAGE) if there is no such image, or anything of it is missing,
  ///   wrong, or made to harm; (FILESYSTEM) if SCRATCH cannot take it
  default Image open(Path scratch) {
    return switch (this) {
      case Layout layout -> ImageLayout.open(layout);
      case LayoutArchive archive -> LayoutArchiveReader.open(archive, scratch);
      case DockerArchive archive -> DockerArchiveReader.open(archive, scratch);
      case Directory directory -> DirectoryImage.open(directory, scratch);
      case Storage storage -> ContainersStorage.open(storage, scratch);
    };
  }

  /// Parses TEXT. As with skopeo, the first colon after the transport ends the directory or file,
  /// which therefore has none; NAME may hold slashes and colons.
  ///
  /// @throws OverpakException (USAGE) naming what is supported
  static ImageName parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw wrong(text, "no transport");
    }
    String transport = text.substring(0, colon);
    String rest = text.substring(colon + 1);
    try {
      return switch (transport) {
        case "oci" -> new Layout(path(text, rest, "directory"), reference(text, rest));
        case "oci-archive" -> new LayoutArchive(path(text, rest, "file"), reference(text, rest));
        case "docker-archive" -> new DockerArchive(path(text, rest, "file"), reference(text, rest));
        case "dir" -> new Directory(directory(text, rest));
        case "containers-storage" -> new Storage(rest);
        default -> throw wrong(text, "the transport '" + transport + "' is not supported");
      };
    } catch (InvalidPathException e) {
      throw wrong(text, e.getReason());
    } catch (IllegalArgumentException e) {
      throw wrong(text, String.valueOf(e.getMessage()));
    }
  }

  private static Path path(String text, String rest, String what) {
    int end = rest.indexOf(':');
    String path = end < 0 ? rest : rest.substring(0, end);
    if (path.isEmpty()) {
      throw wrong(text, "no " + what);
    }
    return Path.of(path);
  }

  /// All of REST, as with skopeo.
  private static Path directory(String text, String rest) {
    if (rest.isEmpty()) {
      throw wrong(text, "no directory");
    }
    return Path.of(rest);
  }

  private static String reference(String text, String rest) {
    int end = rest.indexOf(':');
    if (end == rest.length() - 1) {
      throw wrong(text, "nothing after the last colon");
    }
    return end < 0 ? "" : rest.substring(end + 1);
  }

  private static OverpakException wrong(String text, String why) {
    return new OverpakException(
        ExitCode.USAGE, "not an image name: '" + text + "': " + why, "Write " + READABLE + ".");
  }
}
