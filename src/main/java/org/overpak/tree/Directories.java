package org.overpak.tree;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
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
