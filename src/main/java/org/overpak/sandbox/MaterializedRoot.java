package org.overpak.sandbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.Attributes;
import org.overpak.tree.Directories;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// A tree that lies in a directory of the cache, once for all builds that use it. Sandboxes show it
/// and never change it.
///
/// @param tree as it is meant to be: a sandbox's own files have none of its owners and capabilities
/// @param directory with its files
public record MaterializedRoot(FileTree tree, Path directory) {
  /// Directories that a sandbox needs to mount something on.
  private static final List<String> MOUNT_POINTS = List.of("dev", "proc", "run", "tmp");

  private static final String ROOT = "root";
  private static final String STAMPS = "stamps";

  /// TREE in the cache, written now unless it is there and nothing has touched it.
  ///
  /// @param digest that tells TREE from any other
  /// @param cache a directory, made if it is missing
  /// @throws OverpakException (FILESYSTEM) if it cannot be written
  public static MaterializedRoot of(FileTree tree, Digest digest, Path cache, Progress progress) {
    Path home = cache.resolve(digest.hex());
    Path directory = home.resolve(ROOT);
    try {
      if (!isWhole(home)) {
        Files.createDirectories(cache);
        makeWhole(tree, home, progress);
      }
      return new MaterializedRoot(tree, directory);
    } catch (InterruptedIOException | FileLockInterruptionException e) {
      throw new OverpakException(ExitCode.INTERRUPTED, "unpacking the runtime: interrupted", "", e);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "the runtime cannot be unpacked into " + cache + ": " + e,
          "Make room there, repair it, or choose another cache with --cache DIRECTORY.",
          e);
    }
  }

  /// A root with nothing in it, for what is installed from nothing.
  ///
  /// @throws OverpakException as {@link #of}
  public static MaterializedRoot empty(Path cache, Progress progress) {
    return of(FileTree.EMPTY, Digest.sha256(new byte[0]), cache, progress);
  }

  /// One build at a time, of all processes, so that none removes what another has just written and
  /// works on. Synchronized, as a file lock does not hold between threads.
  private static synchronized void makeWhole(FileTree tree, Path home, Progress progress)
      throws IOException {
    try (var channel =
            FileChannel.open(
                home.resolveSibling(home.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!isWhole(home)) {
        Directories.delete(home);
        write(tree, home, progress);
      }
    }
  }

  private static void write(FileTree tree, Path home, Progress progress) throws IOException {
    Path partial = home.resolveSibling(home.getFileName() + ".partial");
    // What a killed build left.
    Directories.delete(partial);
    try {
      // Nobody else may come in: a file's mode may allow more than its place in the tree does.
      Files.createDirectory(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path directory = Files.createDirectory(partial.resolve(ROOT));
      FileTree complete = withMountPoints(tree);
      try (var step = progress.begin("unpacking the runtime", size(complete));
          var writer = new DirectoryWriter(directory)) {
        writer.write(complete, step);
        writer.finish();
      }
      Files.writeString(partial.resolve(STAMPS), stamps(directory));
      Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Directories.delete(partial);
    }
  }

  private static FileTree withMountPoints(FileTree tree) {
    FileTree result = tree;
    for (String name : MOUNT_POINTS) {
      if (tree.get(name).isEmpty()) {
        result = result.with(new TreePath(name), new Entry.Directory(Attributes.of(0755, 0)));
      }
    }
    return result;
  }

  private static long size(FileTree tree) {
    return tree.entries().values().stream()
        .mapToLong(entry -> entry instanceof Entry.RegularFile file ? file.content().size() : 0)
        .sum();
  }

  /// Whether all is there as it was written.
  private static boolean isWhole(Path home) throws IOException {
    Path stamps = home.resolve(STAMPS);
    return Files.exists(stamps) && Files.readString(stamps).equals(stamps(home.resolve(ROOT)));
  }

  private static String stamps(Path directory) throws IOException {
    var lines = new StringBuilder();
    Stamp.ofAll(directory)
        .forEach(
            (path, stamp) ->
                lines
                    .append(path.value())
                    .append('\0')
                    .append(stamp.inode())
                    .append(' ')
                    .append(stamp.changed())
                    .append(' ')
                    .append(stamp.mode())
                    .append(' ')
                    .append(stamp.size())
                    .append('\n'));
    return lines.toString();
  }
}
