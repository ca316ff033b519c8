package org.overpak.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a program or library says of how it is started (elf(5)).
///
/// @param kind class, byte order and machine
/// @param interpreter the path of its loader; empty where it has none
/// @param needed the names of its libraries, `DT_NEEDED`
record ElfFile(String kind, String interpreter, List<String> needed) {
  private static final int MAGIC = 0x7f454c46;
  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int INTERPRETER = 3;
  private static final int NEEDED = 1;
  private static final int STRING_TABLE = 5;

  ElfFile {
    needed = List.copyOf(needed);
  }

  /// Empty if BYTES are not a whole ELF file.
  static Optional<ElfFile> of(byte[] bytes) {
    if (bytes.length < 64 || ByteBuffer.wrap(bytes).getInt() != MAGIC) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Reader(bytes).read());
    } catch (IndexOutOfBoundsException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  /// Whether one loader can take both.
  boolean goesWith(ElfFile other) {
    return kind.equals(other.kind);
  }

  /// Part of the file that is one in memory.
  private record Segment(int type, long offset, long address, long size) {}

  private static final class Reader {
    private final ByteBuffer bytes;
    private final boolean wide;

    Reader(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes);
      wide = bytes[4] == 2;
      this.bytes.order(bytes[5] == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    ElfFile read() {
      List<Segment> segments = new ArrayList<>();
      long table = word(wide ? 32 : 28);
      int size = bytes.getShort(wide ? 54 : 42);
      int count = bytes.getShort(wide ? 56 : 44);
      for (int i = 0; i < count; i++) {
        segments.add(segment(Math.toIntExact(table + (long) i * size)));
      }
      String kind =
          "%d %d %d".formatted(bytes.get(4), bytes.get(5), Short.toUnsignedInt(bytes.getShort(18)));
      String interpreter = "";
      List<String> needed = List.of();
      for (Segment segment : segments) {
        if (segment.type() == INTERPRETER) {
          interpreter = text(segment.offset());
        } else if (segment.type() == DYNAMIC) {
          needed = needed(segment, segments);
        }
      }
      return new ElfFile(kind, interpreter, needed);
    }

    private Segment segment(int at) {
      return new Segment(
          bytes.getInt(at),
          word(at + (wide ? 8 : 4)),
          word(at + (wide ? 16 : 8)),
          word(at + (wide ? 32 : 16)));
    }

    private List<String> needed(Segment dynamic, List<Segment> segments) {
      int step = wide ? 8 : 4;
      List<Long> names = new ArrayList<>();
      long strings = 0;
      for (long at = dynamic.offset(); at < dynamic.offset() + dynamic.size(); at += 2L * step) {
        long tag = word(Math.toIntExact(at));
        long value = word(Math.toIntExact(at + step));
        if (tag == NEEDED) {
          names.add(value);
        } else if (tag == STRING_TABLE) {
          strings = value;
        }
      }
      long table = offset(strings, segments);
      return names.stream().map(name -> text(Math.addExact(table, name))).toList();
    }

    /// Where in the file ADDRESS is.
    private static long offset(long address, List<Segment> segments) {
      return segments.stream()
          .filter(one -> one.type() == LOAD && address >= one.address())
          .filter(one -> address - one.address() < one.size())
          .findFirst()
          .map(one -> address - one.address() + one.offset())
          .orElse(0L);
    }

    private long word(int at) {
      return wide ? bytes.getLong(at) : Integer.toUnsignedLong(bytes.getInt(at));
    }

    private String text(long from) {
      int start = Math.toIntExact(from);
      int end = start;
      while (bytes.get(end) != 0) {
        end++;
      }
      return new String(bytes.array(), start, end - start, UTF_8);
    }
  }
}
