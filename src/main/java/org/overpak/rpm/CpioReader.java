package org.overpak.rpm;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.overpak.tree.TreePath;

/// Reads the records of a cpio archive as rpm writes them (cpio.cc): `070701`, `070702`, whose
/// checksum nobody makes, and rpm's own `07070X`, in which a record is only the number of a file.
///
/// The caller reads each record's data with {@link #read} before it asks for the next.
final class CpioReader {
  private static final int MAGIC = 6;
  private static final int FIELDS = 13;
  private static final int FIELD = 8;
  private static final int ALIGNMENT = 4;
  private static final int LONGEST_NAME = 4096;
  private static final byte[] TRAILER = "TRAILER!!!".getBytes(StandardCharsets.US_ASCII);
  private static final long STRIPPED_TRAILER = 0xffffffffL;

  private final InputStream stream;
  private long position;

  CpioReader(InputStream stream) {
    this.stream = stream;
  }

  /// Offset in the archive.
  long position() {
    return position;
  }

  /// The next record; null at the archive's end.
  ///
  /// @throws IllegalArgumentException if there is none where one must be
  @Nullable CpioRecord next() throws IOException {
    align();
    long start = position;
    String magic = new String(take(MAGIC), StandardCharsets.ISO_8859_1);
    return switch (magic) {
      case "07070X" -> numbered(start);
      case "070701", "070702" -> named(start);
      default -> throw new IllegalArgumentException("there is no cpio record at byte " + start);
    };
  }

  private @Nullable CpioRecord numbered(long start) throws IOException {
    long number = field(take(FIELD), 0, start);
    align();
    return number == STRIPPED_TRAILER ? null : new CpioRecord.Numbered(number);
  }

  private @Nullable CpioRecord named(long start) throws IOException {
    byte[] fields = take(FIELDS * FIELD);
    long size = field(fields, 6, start);
    long nameSize = field(fields, 11, start);
    if (nameSize < 1 || nameSize > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "the record at byte " + start + " has a name of " + nameSize + " bytes");
    }
    byte[] name = name(take((int) nameSize), start);
    align();
    return Arrays.equals(name, TRAILER) ? null : new CpioRecord.Named(TreePath.parse(name), size);
  }

  /// Without its NUL, which must be its last byte and no other.
  private static byte[] name(byte[] bytes, long start) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    if (end != bytes.length - 1) {
      throw new IllegalArgumentException(
          "the name of the record at byte " + start + " does not end where it must");
    }
    return Arrays.copyOf(bytes, end);
  }

  /// Up to LENGTH bytes of the record's data; never 0.
  int read(byte[] buffer, long length) throws IOException {
    int count = stream.read(buffer, 0, (int) Math.min(buffer.length, length));
    if (count < 0) {
      throw new EOFException();
    }
    position += count;
    return count;
  }

  private void align() throws IOException {
    take((int) (-position & (ALIGNMENT - 1)));
  }

  private byte[] take(int count) throws IOException {
    byte[] result = stream.readNBytes(count);
    if (result.length < count) {
      throw new EOFException();
    }
    position += count;
    return result;
  }

  /// A field of exactly eight hexadecimal digits.
  private static long field(byte[] fields, int number, long start) {
    long result = 0;
    for (int i = number * FIELD; i < (number + 1) * FIELD; i++) {
      int digit = Character.digit(fields[i], 16);
      if (digit < 0) {
        throw new IllegalArgumentException(
            "the record at byte " + start + " has a field that is not hexadecimal");
      }
      result = result << 4 | digit;
    }
    return result;
  }
}
