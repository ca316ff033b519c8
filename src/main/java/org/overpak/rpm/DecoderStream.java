package org.overpak.rpm;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Makes an input error of whatever a decoder throws at malformed data: some let an index run out
/// of its array.
final class DecoderStream extends FilterInputStream {
  DecoderStream(InputStream decoder) {
    super(decoder);
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (RuntimeException e) {
      throw malformed(e);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      return super.read(buffer, offset, length);
    } catch (RuntimeException e) {
      throw malformed(e);
    }
  }

  @Override
  public long skip(long count) throws IOException {
    try {
      return super.skip(count);
    } catch (RuntimeException e) {
      throw malformed(e);
    }
  }

  private static IOException malformed(RuntimeException e) {
    return new IOException("malformed compressed data: " + e, e);
  }
}
