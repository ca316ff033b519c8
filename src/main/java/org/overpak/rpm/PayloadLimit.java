package org.overpak.rpm;

import java.io.IOException;
import java.io.InputStream;

/// How long a decompressed payload may be: what its files need, and a record around each. So a
/// small file cannot decompress without end.
final class PayloadLimit {
  /// Header, longest name and padding of a record.
  private static final long RECORD = 110 + 4096 + 8;

  /// For the end of the archive and what pads it to its block size.
  private static final long END = 1 << 20;

  private final long limit;

  PayloadLimit(PackageFile file) {
    long sum = END;
    for (FileInfo info : file.header().files()) {
      // Sizes are unsigned: a sum that runs over is a limit that nothing meets.
      sum += Math.max(0, info.size()) + RECORD;
    }
    this.limit = sum;
  }

  /// Takes bytes.
  interface Sink {
    void accept(byte[] bytes, int offset, int length);
  }

  /// Feeds all of STREAM to SINK.
  void copy(InputStream stream, Sink sink) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      total += count;
      if (total > limit) {
        throw new IOException("it decompresses to more than its files need");
      }
      sink.accept(buffer, 0, count);
    }
  }
}
