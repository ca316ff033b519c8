package org.overpak.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/// What happens on Ctrl-C, or when the process is told to end: the work is interrupted, its
/// `finally` blocks clean up, and the process ends with 130 (143 if told by `SIGTERM`) and without
/// a trace.
///
/// The Java runtime starts a shutdown hook on both signals. It ends the process when the hook ends.
final class Interruption {
  /// Longer than any clean-up should take; then the process ends all the same.
  private static final int PATIENCE_SECONDS = 10;

  private final Thread worker;
  private final Console console;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean interrupted;

  private Interruption(Thread worker, Console console) {
    this.worker = worker;
    this.console = console;
  }

  /// Interrupts the calling thread, if the process is told to end while that thread runs.
  static Interruption of(Console console) {
    return new Interruption(Thread.currentThread(), console);
  }

  /// Whether the process is on its way to its end, so that failures are no news.
  boolean hasHappened() {
    return interrupted;
  }

  int run(IntSupplier work) {
    var hook = Thread.ofPlatform().name("interruption").unstarted(this::interrupt);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.getAsInt();
    } finally {
      finished.countDown();
    }
  }

  private void interrupt() {
    if (finished.getCount() == 0) {
      return; // an ordinary end
    }
    interrupted = true;
    worker.interrupt();
    try {
      boolean clean = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      console
          .err()
          .println(clean ? "overpak: interrupted" : "overpak: interrupted, not cleaned up");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
