package org.overpak.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.overpak.BlockInputStream;
import org.overpak.Digest;

/// Passes a stream through and remembers the digest and number of its bytes. More than MOST bytes
/// are an IOException.
final class DigestingStream extends BlockInputStream {
  private final Digest.Algorithm algorithm;
  private final MessageDigest digest;
  private final long most;
  private long count;

  DigestingStream(InputStream stream, Digest.Algorithm algorithm, long most) {
    super(stream);
    this.algorithm = algorithm;
    this.digest = algorithm.start();
    this.most = most;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      digest.update(buffer, offset, read);
      count += read;
      if (count > most) {
        throw new MalformedArchive("more than %d bytes".formatted(most));
      }
    }
    return read;
  }

  /// Reads to the end.
  void drain() throws IOException {
    transferTo(OutputStream.nullOutputStream());
  }

  long count() {
    return count;
  }

  /// The digest of all bytes so far; to be asked once.
  Digest digest() {
    return Digest.finish(algorithm, digest);
  }
}
