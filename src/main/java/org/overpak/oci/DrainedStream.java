package org.overpak.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A decompressing stream that, at its end, has the compressed stream below read to the end too, so
/// that a digest of it is complete.
final class DrainedStream extends FilterInputStream {
  private final DigestingStream below;

  DrainedStream(InputStream stream, DigestingStream below) {
    super(stream);
    this.below = below;
  }

  @Override
  public int read() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      below.drain();
    }
    return octet;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    if (count < 0) {
      below.drain();
    }
    return count;
  }
}
