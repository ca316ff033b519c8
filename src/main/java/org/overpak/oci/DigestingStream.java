package org.overpak.oci;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.overpak.Digest;

/// Passes a stream through and remembers the digest and number of its bytes. More than MOST bytes
/// are an IOException.
final class DigestingStream extends InputStream {
  private final InputStream stream;
  private final Digest.Algorithm algorithm;
  private final MessageDigest digest;
  private final long most;
  private final byte[] skipped = new byte[1 << 16];
  private long count;

  DigestingStream(InputStream stream, Digest.Algorithm algorithm, long most) {
    this.stream = stream;
    this.algorithm = algorithm;
    this.digest = algorithm.start();
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = stream.read(buffer, offset, length);
    if (read > 0) {
      digest.update(buffer, offset, read);
      count += read;
      if (count > most) {
        throw new MalformedArchive("more than %d bytes".formatted(most));
      }
    }
    return read;
  }

  @Override
  public long skip(long wanted) throws IOException {
    return Math.max(0, read(skipped, 0, (int) Math.min(wanted, skipped.length)));
  }

  /// Reads to the end.
  void drain() throws IOException {
    while (read(skipped, 0, skipped.length) >= 0) {
      // The digest sees them.
    }
  }

  long count() {
    return count;
  }

  /// The digest of all bytes so far; to be asked once.
  Digest digest() {
    return Digest.finish(algorithm, digest);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
