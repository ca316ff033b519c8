package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a program or library says of how it is started (elf(5)).
///
/// @param kind class, byte order and machine
/// @param interpreter the path of its loader; empty where it has none
/// @param needed the names of its libraries, `DT_NEEDED`
public record ElfFile(String kind, String interpreter, List<String> needed) {
  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int INTERPRETER = 3;
  private static final int NEEDED = 1;
  private static final int STRING_TABLE = 5;

  public ElfFile {
    needed = List.copyOf(needed);
  }

  /// Empty if BYTES are not a whole ELF file.
  public static Optional<ElfFile> of(byte[] bytes) {
    try {
      return ElfBytes.of(bytes).map(elf -> new Reader(elf).read());
    } catch (IndexOutOfBoundsException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  /// Whether one loader can take both.
  public boolean goesWith(ElfFile other) {
    return kind.equals(other.kind);
  }

  /// Part of the file that is one in memory.
  private record Segment(int type, long offset, long address, long size) {}

  private static final class Reader {
    private final ElfBytes bytes;
    private final boolean wide;

    Reader(ElfBytes bytes) {
      this.bytes = bytes;
      this.wide = bytes.isWide();
    }

    ElfFile read() {
      List<Segment> segments = new ArrayList<>();
      long table = bytes.word(wide ? 32 : 28);
      int size = bytes.half(wide ? 54 : 42);
      int count = bytes.half(wide ? 56 : 44);
      for (int i = 0; i < count; i++) {
        segments.add(segment(Math.toIntExact(table + (long) i * size)));
      }
      String kind = "%d %d %d".formatted(bytes.octet(4), bytes.octet(5), bytes.half(18));
      String interpreter = "";
      List<String> needed = List.of();
      for (Segment segment : segments) {
        if (segment.type() == INTERPRETER) {
          interpreter = bytes.text(segment.offset());
        } else if (segment.type() == DYNAMIC) {
          needed = needed(segment, segments);
        }
      }
      return new ElfFile(kind, interpreter, needed);
    }

    private Segment segment(int at) {
      return new Segment(
          bytes.integer(at),
          bytes.word(at + (wide ? 8 : 4)),
          bytes.word(at + (wide ? 16 : 8)),
          bytes.word(at + (wide ? 32 : 16)));
    }

    private List<String> needed(Segment dynamic, List<Segment> segments) {
      int step = bytes.step();
      List<Long> names = new ArrayList<>();
      long strings = 0;
      for (long at = dynamic.offset(); at < dynamic.offset() + dynamic.size(); at += 2L * step) {
        long tag = bytes.word(Math.toIntExact(at));
        long value = bytes.word(Math.toIntExact(at + step));
        if (tag == NEEDED) {
          names.add(value);
        } else if (tag == STRING_TABLE) {
          strings = value;
        }
      }
      long table = offset(strings, segments);
      return names.stream().map(name -> bytes.text(Math.addExact(table, name))).toList();
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
  }
}
