package org.overpak.sandbox;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.overpak.tree.TreePath;

/// What tells whether a file of the machine is still as it was: any change of content, mode, owner
/// or attributes sets the time of change, which no program can set back.
///
/// @param changed in nanoseconds since 1970
/// @param mode with the bits of the kind of file, as stat(2) has it
record Stamp(long inode, long changed, int mode, long size) {
  private static final int KIND = 0170000;
  private static final int DIRECTORY = 0040000;

  static Stamp of(Path file) throws IOException {
    Map<String, Object> unix =
        Files.readAttributes(file, "unix:ino,ctime,mode,size", LinkOption.NOFOLLOW_LINKS);
    return new Stamp(
        number(unix, "ino"),
        ((FileTime) requireNonNull(unix.get("ctime"))).to(TimeUnit.NANOSECONDS),
        (int) number(unix, "mode"),
        number(unix, "size"));
  }

  private static long number(Map<String, Object> unix, String name) {
    return ((Number) requireNonNull(unix.get(name))).longValue();
  }

  private boolean isOfDirectory() {
    return (mode & KIND) == DIRECTORY;
  }

  /// Those of DIRECTORY and all in it, by path, in an order that depends on the names alone.
  static SequencedMap<TreePath, Stamp> ofAll(Path directory) throws IOException {
    SequencedMap<TreePath, Stamp> stamps = new LinkedHashMap<>();
    stamps.put(TreePath.ROOT, of(directory));
    addContent(directory, "", stamps);
    return stamps;
  }

  private static void addContent(Path directory, String prefix, Map<TreePath, Stamp> stamps)
      throws IOException {
    List<Path> content = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(content::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    content.sort(null);
    for (Path file : content) {
      String path = prefix + file.getFileName();
      Stamp stamp = of(file);
      stamps.put(new TreePath(path), stamp);
      if (stamp.isOfDirectory()) {
        addContent(file, path + "/", stamps);
      }
    }
  }
}
