package org.overpak;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream over another, all of whose bytes pass {@link #read(byte[], int, int)}: also those that
/// are read one by one, and those that are skipped.
public abstract class BlockInputStream extends FilterInputStream {
  private static final int SKIPPED = 1 << 16;

  private byte[] skipped = {};

  protected BlockInputStream(InputStream in) {
    super(in);
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] buffer, int offset, int length) throws IOException;

  @Override
  public final long skip(long count) throws IOException {
    if (count <= 0) {
      return 0;
    }
    if (skipped.length == 0) {
      skipped = new byte[SKIPPED];
    }
    return Math.max(0, read(skipped, 0, (int) Math.min(count, SKIPPED)));
  }

  @Override
  public final boolean markSupported() {
    return false;
  }
}
