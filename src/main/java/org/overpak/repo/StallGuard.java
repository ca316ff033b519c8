package org.overpak.repo;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.overpak.BlockInputStream;

/// A stream that fails when no byte came for some time. The JDK's own timeout ends with the headers
/// of an answer; a server that stops in the middle of the body would be waited for forever.
final class StallGuard extends BlockInputStream {
  private final Duration most;
  private final Thread watch;
  private volatile long lastRead = System.nanoTime();
  private volatile boolean stalled;

  StallGuard(InputStream in, Duration most) {
    super(in);
    this.most = most;
    this.watch = Thread.ofVirtual().name("stall-guard").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        long left = most.toNanos() - (System.nanoTime() - lastRead);
        if (left <= 0) {
          stalled = true;
          // Wakes the reader, with an error or with an early end.
          in.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException | IOException e) {
      // Closed, or about to fail in the reader too.
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int read = in.read(buffer, offset, length);
      if (!stalled) {
        lastRead = System.nanoTime();
        return read;
      }
    } catch (IOException e) {
      if (!stalled) {
        throw e;
      }
    }
    throw new HttpTimeoutException("nothing came for " + most.toMillis() / 1000.0 + " s");
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    in.close();
  }
}
