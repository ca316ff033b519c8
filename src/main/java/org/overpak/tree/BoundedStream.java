package org.overpak.tree;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.overpak.BlockInputStream;

/// The next SIZE bytes of another stream; a stream that ends earlier is an error.
final class BoundedStream extends BlockInputStream {
  private final boolean closes;
  private long left;

  BoundedStream(InputStream stream, long size, boolean closes) {
    super(stream);
    this.left = size;
    this.closes = closes;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int count = in.read(buffer, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException(left + " bytes missing at the end of a file's content");
    }
    left -= count;
    return count;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(in.available(), left);
  }

  /// Leaves the other stream at the end of this slice.
  void drain() throws IOException {
    in.skipNBytes(left);
    left = 0;
  }

  @Override
  public void close() throws IOException {
    if (closes) {
      in.close();
    }
  }
}
