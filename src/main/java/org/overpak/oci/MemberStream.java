package org.overpak.oci;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Cuts what is written to it into members, has them compressed by several threads, and writes them
/// in order. Where it cuts depends only on the bytes and on {@link #endMember}, so the result does
/// not depend on the threads.
final class MemberStream extends OutputStream {
  /// Large parts are cut so that all cores have work. 8 MiB costs under 0.1 % in size, and bounds
  /// what is in memory to some 16 MiB per thread.
  static final int LARGEST_MEMBER = 8 << 20;

  private final OutputStream out;
  private final MemberCompressor compressor;
  private final ExecutorService workers;
  private final int mostPending;
  private final Queue<Future<byte[]>> pending = new ArrayDeque<>();
  private final MessageDigest diffId = Digest.Algorithm.SHA256.start();
  private final MessageDigest digest = Digest.Algorithm.SHA256.start();
  private final byte[] member = new byte[LARGEST_MEMBER];
  private int length;
  private long size;

  /// Does not close OUT.
  MemberStream(OutputStream out, MemberCompressor compressor, int threads) {
    this.out = out;
    this.compressor = compressor;
    this.workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("layer-compress-", 0).factory());
    // One more than can be worked on: a worker that is done finds the next at once.
    this.mostPending = threads + 1;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int done = 0;
    while (done < count) {
      int step = Math.min(count - done, member.length - length);
      System.arraycopy(bytes, offset + done, member, length, step);
      length += step;
      done += step;
      if (length == member.length) {
        endMember();
      }
    }
  }

  /// What follows goes into another member.
  void endMember() throws IOException {
    if (length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOf(member, length);
    length = 0;
    pending.add(workers.submit(() -> compressor.compress(bytes)));
    diffId.update(bytes);
    while (pending.size() > mostPending) {
      writeNext();
    }
  }

  /// Writes all that is pending; to be called once, at the end.
  void finish() throws IOException {
    endMember();
    while (!pending.isEmpty()) {
      writeNext();
    }
  }

  private void writeNext() throws IOException {
    byte[] compressed = await(pending.remove());
    digest.update(compressed);
    size += compressed.length;
    out.write(compressed);
  }

  private static byte[] await(Future<byte[]> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverpakException(ExitCode.INTERRUPTED, "writing a layer: interrupted", "", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  long size() {
    return size;
  }

  Digest digest() {
    return Digest.finish(Digest.Algorithm.SHA256, digest);
  }

  Digest diffId() {
    return Digest.finish(Digest.Algorithm.SHA256, diffId);
  }

  /// Stops the workers; what is pending is dropped.
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
