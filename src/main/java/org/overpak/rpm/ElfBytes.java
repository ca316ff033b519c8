package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The bytes of an ELF file, read as its class and byte order have it (elf(5)). What leads out of
/// the file ends in an {@link IndexOutOfBoundsException} or {@link ArithmeticException}.
final class ElfBytes {
  static final int MAGIC = 0x7f454c46;

  /// The length of the shorter header.
  private static final int SHORTEST = 52;

  private final ByteBuffer bytes;
  private final boolean wide;

  private ElfBytes(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
    wide = bytes[4] == 2;
    this.bytes.order(bytes[5] == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  /// Empty if BYTES do not begin as an ELF file does.
  static Optional<ElfBytes> of(byte[] bytes) {
    return bytes.length < SHORTEST || ByteBuffer.wrap(bytes).getInt() != MAGIC
        ? Optional.empty()
        : Optional.of(new ElfBytes(bytes));
  }

  /// Whether it is of the 64-bit class.
  boolean isWide() {
    return wide;
  }

  /// Length of a word, in bytes.
  int step() {
    return wide ? Long.BYTES : Integer.BYTES;
  }

  int octet(int at) {
    return Byte.toUnsignedInt(bytes.get(at));
  }

  int half(int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }

  int integer(int at) {
    return bytes.getInt(at);
  }

  /// An address, offset or size.
  long word(int at) {
    return wide ? bytes.getLong(at) : Integer.toUnsignedLong(bytes.getInt(at));
  }

  /// What is written from FROM to the next NUL.
  String text(long from) {
    int start = Math.toIntExact(from);
    int end = start;
    while (bytes.get(end) != 0) {
      end++;
    }
    return new String(bytes.array(), start, end - start, StandardCharsets.UTF_8);
  }
}
