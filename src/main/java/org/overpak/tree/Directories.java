package org.overpak.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Directories of the machine in which anything may have been left.
public final class Directories {
  private Directories() {}

  /// Removes DIRECTORY with all in it, also what its owner may not enter; if there is none,
  /// nothing.
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    makeAccessible(directory);
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path one, BasicFileAttributes attributes)
              throws IOException {
            makeAccessible(one);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path one, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(one);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path one, IOException failure) throws IOException {
            if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS) && makeAccessible(one)) {
              delete(one);
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path one, @Nullable IOException failure)
              throws IOException {
            Files.delete(one);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private record Kept(Path entry, FileTime used, long size) {}

  /// Deletes of ENTRIES, files or directories with all in them, what was used the longest ago,
  /// until the rest has at most LIMIT bytes. What somebody else changes meanwhile is passed over.
  ///
  /// @param stamp the file of an entry that was last modified when the entry was used
  public static void makeRoom(List<Path> entries, UnaryOperator<Path> stamp, long limit)
      throws IOException {
    List<Kept> all =
        entries.stream()
            .flatMap(entry -> kept(entry, stamp.apply(entry)).stream())
            .sorted(Comparator.comparing(Kept::used))
            .toList();
    long size = all.stream().mapToLong(Kept::size).sum();
    for (Kept one : all) {
      if (size <= limit) {
        break;
      }
      delete(one.entry());
      size -= one.size();
    }
  }

  private static Optional<Kept> kept(Path entry, Path stamp) {
    try {
      return Optional.of(new Kept(entry, Files.getLastModifiedTime(stamp), size(entry)));
    } catch (IOException | UncheckedIOException _) {
      return Optional.empty();
    }
  }

  private static long size(Path entry) throws IOException {
    if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
      return Files.size(entry);
    }
    try (Stream<Path> files = Files.walk(entry)) {
      long size = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        size += Files.size(file);
      }
      return size;
    }
  }

  /// Whether that changed something.
  private static boolean makeAccessible(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        || (Files.isReadable(directory)
            && Files.isWritable(directory)
            && Files.isExecutable(directory))) {
      return false;
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    return true;
  }
}
