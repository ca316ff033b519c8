package org.overpak;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Reads a stream on a thread of its own, a few blocks ahead of whoever reads this: decompressing
/// or verifying, and what is done with the result, go on side by side. Owns the stream.
public final class ReadAhead extends InputStream {
  private static final int BLOCK = 1 << 18;

  /// Enough for the slower side never to wait for a hand-over: 2 MiB in all.
  private static final int BLOCKS = 8;

  private final BlockingQueue<Message> blocks = new ArrayBlockingQueue<>(BLOCKS);
  private final Thread thread;
  private ByteBuffer current = ByteBuffer.wrap(new byte[0]);
  private boolean ended;

  private sealed interface Message {
    record Block(ByteBuffer bytes) implements Message {}

    record End() implements Message {}

    record Failure(Throwable cause) implements Message {}
  }

  /// @param threadName for whoever looks at the threads of the process
  public ReadAhead(InputStream stream, String threadName) {
    thread = Thread.ofPlatform().daemon().name(threadName).start(() -> pump(stream));
  }

  private void pump(InputStream stream) {
    try {
      Message last;
      try (stream) {
        last = pumpBlocks(stream);
      } catch (InterruptedException e) {
        throw e;
      } catch (Throwable e) {
        last = new Message.Failure(e);
      }
      blocks.put(last);
    } catch (InterruptedException _) {
      // Closed early: nobody reads any more.
    }
  }

  private Message pumpBlocks(InputStream stream) throws IOException, InterruptedException {
    while (true) {
      byte[] bytes = new byte[BLOCK];
      int length = stream.readNBytes(bytes, 0, BLOCK);
      if (length > 0) {
        blocks.put(new Message.Block(ByteBuffer.wrap(bytes, 0, length)));
      }
      if (length < BLOCK) {
        return new Message.End();
      }
    }
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? current.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int count = Math.min(length, current.remaining());
    current.get(buffer, offset, count);
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = 0;
    while (skipped < count && hasMore()) {
      int step = (int) Math.min(count - skipped, current.remaining());
      current.position(current.position() + step);
      skipped += step;
    }
    return skipped;
  }

  private boolean hasMore() throws IOException {
    while (!current.hasRemaining() && !ended) {
      switch (take()) {
        case Message.Block(ByteBuffer bytes) -> current = bytes;
        case Message.End() -> ended = true;
        case Message.Failure(Throwable cause) -> {
          ended = true;
          switch (cause) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(cause);
          }
        }
      }
    }
    return current.hasRemaining();
  }

  private Message take() throws IOException {
    try {
      return blocks.take();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading");
    }
  }

  /// Stops the thread and waits until it let go of the stream.
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
