package org.overpak.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// Run by {@link InterruptionIT} as a process: work that does not end, and leaves a file behind if
/// it cannot clean up.
final class UnfinishedWork {
  private UnfinishedWork() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess();
    Interruption interruption = Interruption.of(console);
    var errors = new ErrorRendering(console, interruption::hasHappened);
    System.exit(
        interruption.run(
            () -> {
              try {
                work(Path.of(args[0]));
                return 0;
              } catch (IllegalStateException e) {
                return errors.show(e).status();
              }
            }));
  }

  private static void work(Path file) {
    try {
      try {
        Files.createFile(file);
        while (!Thread.currentThread().isInterrupted()) {
          LockSupport.park();
        }
        throw new IllegalStateException("a failure that is no news");
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
