package org.overpak.flatpak;

import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The directories that extensions are mounted on. The tree they lie in is read-only where it is
/// used, so they have to be there.
final class ExtensionPoints {
  private ExtensionPoints() {}

  /// FILES with an empty directory for each extension of METADATA that finds none.
  static FileTree madeIn(FileTree files, Metadata metadata) {
    FileTree result = files;
    for (Metadata.ExtensionPoint point : metadata.extensionPoints()) {
      result = madeIn(result, point);
    }
    return result;
  }

  private static FileTree madeIn(FileTree files, Metadata.ExtensionPoint point) {
    TreePath directory;
    try {
      directory = files.resolve(new TreePath(point.directory()));
    } catch (IllegalArgumentException e) {
      throw unusable(point, String.valueOf(e.getMessage()), e);
    }
    if (directory.isRoot() || point.directory().isEmpty()) {
      throw unusable(point, "it must lie below /app or /usr", null);
    }
    if (files.get(directory).isEmpty()) {
      try {
        return files.with(directory, CommitTree.directory());
      } catch (IllegalArgumentException e) {
        throw unusable(point, String.valueOf(e.getMessage()), e);
      }
    }
    if (!(files.get(directory).orElseThrow() instanceof Entry.Directory)) {
      throw unusable(point, directory + " is no directory", null);
    }
    return files;
  }

  private static OverpakException unusable(
      Metadata.ExtensionPoint point, String why, @Nullable Throwable cause) {
    String message =
        "extension %s: directory '%s' cannot be mounted on: %s"
            .formatted(point.name(), point.directory(), why);
    String advice = "Give the extension a relative directory that is free.";
    return cause == null
        ? new OverpakException(ExitCode.SPEC, message, advice)
        : new OverpakException(ExitCode.SPEC, message, advice, cause);
  }
}
