package org.overpak.oci;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// The right to change a layout, which is made if it is not there. The lock is one of the file
/// `oci-layout`, which nobody replaces: nothing is added to the layout for it.
final class LayoutLock implements Closeable {
  /// What the file `oci-layout` holds.
  static final byte[] VERSION =
      "{\"imageLayoutVersion\":\"%s\"}"
          .formatted(LayoutReader.VERSION)
          .getBytes(StandardCharsets.US_ASCII);

  /// File locks are held by the process, so its own threads need another. One for all layouts is
  /// enough: it is held for a few renames.
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final Path directory;
  private final FileChannel channel;

  /// What was made here, outermost first.
  private final List<Path> made;

  private LayoutLock(Path directory, FileChannel channel, List<Path> made) {
    this.directory = directory;
    this.channel = channel;
    this.made = made;
  }

  static LayoutLock acquire(Path directory) throws IOException {
    THREADS.lock();
    List<Path> made = new ArrayList<>();
    boolean done = false;
    try {
      while (true) {
        makeDirectories(directory.toAbsolutePath(), made);
        Optional<LayoutLock> lock = tryAcquire(directory, made);
        if (lock.isPresent()) {
          done = true;
          return lock.get();
        }
      }
    } finally {
      if (!done) {
        remove(made);
        THREADS.unlock();
      }
    }
  }

  /// Empty if the file was removed while we waited, by a writer that failed and had made it.
  private static Optional<LayoutLock> tryAcquire(Path directory, List<Path> made)
      throws IOException {
    Path file = makeVersionFile(directory, made);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    boolean done = false;
    try {
      Object key = key(file);
      var _ = channel.lock();
      done = Objects.equals(key, key(file));
      return done ? Optional.of(new LayoutLock(directory, channel, made)) : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private static Object key(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  private static void makeDirectories(Path directory, List<Path> made) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      makeDirectories(parent, made);
    }
    try {
      Files.createDirectory(directory);
      made.add(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private static Path makeVersionFile(Path directory, List<Path> made) throws IOException {
    Path file = directory.resolve("oci-layout");
    if (Files.exists(file)) {
      return file;
    }
    try (var names = Files.list(directory)) {
      if (names.findAny().isPresent() && !Files.exists(file)) {
        throw new OverpakException(
            ExitCode.IMAGE,
            directory + " is no OCI image layout, and not empty",
            "Name a layout, or a directory that does not exist yet.");
      }
    }
    try {
      Files.write(file, VERSION, StandardOpenOption.CREATE_NEW);
      made.add(file);
    } catch (FileAlreadyExistsException _) {
      // Another writer's, who locks it like us.
    }
    return file;
  }

  /// Removes the layout again if it was made here and holds nothing.
  void undo() {
    if (!made.isEmpty()) {
      List<Path> all = new ArrayList<>(made);
      all.add(directory.resolve("blobs"));
      all.add(directory.resolve("blobs").resolve("sha256"));
      remove(all);
    }
  }

  private static void remove(List<Path> made) {
    for (Path path : made.reversed()) {
      try {
        Files.deleteIfExists(path);
      } catch (DirectoryNotEmptyException _) {
        return;
      } catch (IOException _) {
        // The failure that led here is what matters.
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      THREADS.unlock();
    }
  }
}
