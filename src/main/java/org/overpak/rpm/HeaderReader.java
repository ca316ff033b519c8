package org.overpak.rpm;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Reads the headers of a package file, one after the other, never more than the file has.
final class HeaderReader {
  private static final int MAGIC = 8;
  private static final int COUNTS = 8;

  private final InputStream stream;
  private final Origin origin;
  private long left;

  HeaderReader(InputStream stream, long left, Origin origin) {
    this.stream = stream;
    this.left = left;
    this.origin = origin;
  }

  /// How many bytes of the file are left.
  long left() {
    return left;
  }

  Header read(HeaderKind kind) throws IOException {
    if (!Arrays.equals(take(MAGIC), Header.magic())) {
      throw origin.malformed("there is no %s where it must begin", kind);
    }
    ByteBuffer counts = ByteBuffer.wrap(take(COUNTS));
    int entries = counts.getInt();
    int dataSize = counts.getInt();
    int size = kind.size(entries, dataSize, origin);
    if (size > left) {
      throw new EOFException();
    }
    byte[] blob = new byte[COUNTS + size];
    ByteBuffer.wrap(blob).putInt(entries).putInt(dataSize);
    if (stream.readNBytes(blob, COUNTS, size) < size) {
      throw new EOFException();
    }
    left -= size;
    return Header.parse(blob, kind, origin);
  }

  void skip(int count) throws IOException {
    take(count);
  }

  private byte[] take(int count) throws IOException {
    byte[] result = stream.readNBytes(count);
    if (result.length < count) {
      throw new EOFException();
    }
    left -= count;
    return result;
  }
}
