package org.overpak.sandbox;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.overpak.tree.TreePath;

/// What tells whether a file of the machine is still as it was: any change of content, mode, owner
/// or attributes sets the time of change, which no program can set back.
record Stamp(long inode, String changed, int mode, long size) {

  static Stamp of(Path file) throws IOException {
    Map<String, Object> unix =
        Files.readAttributes(file, "unix:ino,ctime,mode,size", LinkOption.NOFOLLOW_LINKS);
    return new Stamp(
        number(unix, "ino"),
        String.valueOf(unix.get("ctime")),
        (int) number(unix, "mode"),
        number(unix, "size"));
  }

  private static long number(Map<String, Object> unix, String name) {
    return ((Number) requireNonNull(unix.get(name))).longValue();
  }

  /// Those of all in DIRECTORY, by path.
  static NavigableMap<TreePath, Stamp> ofAll(Path directory) throws IOException {
    NavigableMap<TreePath, Stamp> stamps = new TreeMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path one, BasicFileAttributes attributes)
              throws IOException {
            return add(one);
          }

          @Override
          public FileVisitResult visitFile(Path one, BasicFileAttributes attributes)
              throws IOException {
            return add(one);
          }

          private FileVisitResult add(Path one) throws IOException {
            stamps.put(TreePath.parse(directory.relativize(one).toString()), of(one));
            return FileVisitResult.CONTINUE;
          }
        });
    return stamps;
  }
}
