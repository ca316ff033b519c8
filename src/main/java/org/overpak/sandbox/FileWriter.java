package org.overpak.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Writes files, small ones several at once: a filesystem with a journal takes long to make each,
/// and little of that is work.
final class FileWriter implements AutoCloseable {
  private static final int THREADS = 4;

  /// What is larger is written while it is read.
  private static final int SMALL = 1 << 20;

  /// How many bytes may be read and not yet written.
  private static final int WAITING = 8 << 20;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("sandbox-file-", 1).factory());
  private final Semaphore room = new Semaphore(WAITING);
  private final List<Future<?>> written = new ArrayList<>();

  /// Takes all of IN, which has SIZE bytes, for a new file.
  void write(Path file, InputStream in, long size, int mode) throws IOException {
    if (size > SMALL) {
      try (var out = Files.newOutputStream(file)) {
        in.transferTo(out);
      }
      DirectoryWriter.setMode(file, mode);
      return;
    }
    byte[] bytes = in.readAllBytes();
    try {
      room.acquire(bytes.length);
    } catch (InterruptedException _) {
      throw interrupted();
    }
    written.add(
        threads.submit(
            () -> {
              try {
                write(file, bytes);
                DirectoryWriter.setMode(file, mode);
              } finally {
                room.release(bytes.length);
              }
              return file;
            }));
  }

  /// In one call to the kernel, which {@link Files#write} would cut into pieces of 8 KiB.
  private static void write(Path file, byte[] bytes) throws IOException {
    try (var out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException();
  }

  /// Waits for all files.
  void finish() throws IOException {
    List<Future<?>> all = List.copyOf(written);
    written.clear();
    for (Future<?> each : all) {
      try {
        each.get();
      } catch (InterruptedException _) {
        throw interrupted();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failure) {
          throw failure;
        }
        throw new IllegalStateException(e);
      }
    }
  }

  /// Ends what is still being written.
  @Override
  public void close() {
    threads.close();
  }
}
