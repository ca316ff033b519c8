package org.overpak.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Trees written to disk, for programs that read directories.
public final class TreeDirectory {
  private TreeDirectory() {}

  /// Files, directories with their modes, and links of TREE in DIRECTORY.
  public static void write(FileTree tree, Path directory) {
    try {
      Files.createDirectories(directory);
      for (Map.Entry<TreePath, Entry> entry : tree.entries().entrySet()) {
        write(directory.resolve(entry.getKey().value()), entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path path, Entry entry) throws IOException {
    Files.createDirectories(path.getParent());
    switch (entry) {
      case Entry.Directory _ -> Files.createDirectories(path);
      case Entry.RegularFile file -> Files.write(path, file.content().readAll());
      case Entry.Symlink link -> Files.createSymbolicLink(path, Path.of(link.target()));
      case Entry.Special special -> throw new IllegalArgumentException("not written: " + special);
    }
    if (!(entry instanceof Entry.Symlink)) {
      Files.setAttribute(path, "unix:mode", entry.attributes().mode());
    }
  }
}
