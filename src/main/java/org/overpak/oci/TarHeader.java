package org.overpak.oci;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Where the fields of a tar header lie, and how numbers are written in them (POSIX pax, "ustar
/// Interchange Format"; GNU tar's base-256 numbers).
///
/// Why not commons-compress: it decodes names leniently and pax values as text, which loses binary
/// attributes such as `security.capability`.
final class TarHeader {
  /// Headers are one block, content is padded to blocks.
  static final int BLOCK = 512;

  static final Field NAME = new Field(0, 100);
  static final Field MODE = new Field(100, 8);
  static final Field UID = new Field(108, 8);
  static final Field GID = new Field(116, 8);
  static final Field SIZE = new Field(124, 12);
  static final Field MODIFIED = new Field(136, 12);
  static final Field CHECKSUM = new Field(148, 8);
  static final int TYPE = 156;
  static final Field LINK_NAME = new Field(157, 100);
  static final Field MAGIC = new Field(257, 8);
  static final Field MAJOR = new Field(329, 8);
  static final Field MINOR = new Field(337, 8);
  static final Field PREFIX = new Field(345, 155);

  static final byte[] USTAR = "ustar\00000".getBytes(StandardCharsets.US_ASCII);

  private TarHeader() {}

  record Field(int offset, int length) {
    /// The bytes up to the first NUL.
    byte[] text(byte[] block) {
      int end = offset;
      while (end < offset + length && block[end] != 0) {
        end++;
      }
      return Arrays.copyOfRange(block, offset, end);
    }

    /// The largest number that fits in octal, with a NUL at the end.
    long largest() {
      return (1L << (3 * (length - 1))) - 1;
    }

    /// Reads octal digits among spaces and NULs (none is 0), or base-256 if the first bit is set.
    ///
    /// @throws NumberFormatException for anything else, and beyond 64 bits
    long number(byte[] block) {
      return (block[offset] & 0x80) != 0 ? base256(block) : octal(block);
    }

    private long octal(byte[] block) {
      String text =
          new String(block, offset, length, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
      if (text.isEmpty()) {
        return 0;
      }
      if (!text.chars().allMatch(c -> c >= '0' && c <= '7')) {
        throw new NumberFormatException("'" + text + "'");
      }
      return Long.parseLong(text, 8);
    }

    /// Two's complement, big-endian, the first bit only a mark.
    private long base256(byte[] block) {
      boolean negative = (block[offset] & 0x40) != 0;
      long value = negative ? -1 : 0;
      for (int i = 0; i < length; i++) {
        int octet = block[offset + i] & 0xff;
        if (i == 0) {
          octet = negative ? octet : octet & 0x7f;
        }
        if (value >> 55 != (negative ? -1 : 0)) {
          throw new NumberFormatException("a number beyond 64 bits");
        }
        value = (value << 8) | octet;
      }
      return value;
    }

    void putText(byte[] block, byte[] text) {
      System.arraycopy(text, 0, block, offset, Math.min(text.length, length));
    }

    /// Writes VALUE, which must fit, as octal digits and a NUL.
    void putNumber(byte[] block, long value) {
      if (value < 0 || value > largest()) {
        throw new IllegalArgumentException(value + " does not fit into a field of " + length);
      }
      for (int i = offset + length - 2; i >= offset; i--) {
        block[i] = (byte) ('0' + (value & 7));
        value >>>= 3;
      }
      block[offset + length - 1] = 0;
    }
  }

  /// The sum of all bytes, those of the checksum itself counted as spaces.
  static int checksum(byte[] block) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM.offset() && i < CHECKSUM.offset() + CHECKSUM.length();
      sum += own ? ' ' : block[i] & 0xff;
    }
    return sum;
  }

  /// Bytes from SIZE to the next block boundary.
  static int padding(long size) {
    return (int) (-size & (BLOCK - 1));
  }
}
