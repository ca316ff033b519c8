package org.overpak.gvariant;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Bytes to values. Only the normal form is accepted: GLib replaces what is malformed by default
/// values, which would hide damage and let two byte strings mean the same.
final class VariantReader {
  private final ByteBuffer bytes;

  private VariantReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static Variant read(VariantType type, byte[] bytes) {
    return new VariantReader(bytes).value(type, 0, bytes.length, 0);
  }

  /// The value of TYPE from START to END.
  private Variant value(VariantType type, int start, int end, int depth) {
    if (depth > VariantType.DEEPEST) {
      throw malformed(type, start, "values are nested more than " + VariantType.DEEPEST + " deep");
    }
    if (type.isFixedSize() && end - start != type.fixedSize()) {
      throw malformed(
          type, start, "it has %d bytes, not %d".formatted(end - start, type.fixedSize()));
    }
    return switch (type) {
      case VariantType.Basic basic -> basic(basic, start, end, depth);
      case VariantType.ArrayOf array -> array(array, start, end, depth);
      case VariantType.TupleOf tuple ->
          new Variant.Tuple(members(tuple, tuple.members(), start, end, depth));
      case VariantType.EntryOf entry -> {
        List<Variant> members = members(entry, entry.members(), start, end, depth);
        yield new Variant.DictEntry(members.getFirst(), members.getLast());
      }
    };
  }

  private Variant basic(VariantType.Basic type, int start, int end, int depth) {
    return switch (type) {
      case BYTE -> new Variant.UInt8(bytes.get(start));
      case BOOLEAN -> {
        if ((bytes.get(start) & 0xfe) != 0) {
          throw malformed(type, start, "a boolean is 0 or 1");
        }
        yield new Variant.Bool(bytes.get(start) == 1);
      }
      case INT32 -> new Variant.Int32(bytes.getInt(start));
      case UINT32 -> new Variant.UInt32(bytes.getInt(start));
      case UINT64 -> new Variant.UInt64(bytes.getLong(start));
      case STRING -> new Variant.Text(text(type, start, end));
      case VARIANT -> boxed(start, end, depth);
    };
  }

  private String text(VariantType type, int start, int end) {
    if (end == start || bytes.get(end - 1) != 0) {
      throw malformed(type, start, "a string ends with a NUL");
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(bytes.slice(start, end - 1 - start))
              .toString();
      if (text.indexOf('\0') >= 0) {
        throw malformed(type, start, "a string holds a NUL");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw malformed(type, start, "a string is not UTF-8");
    }
  }

  private Variant boxed(int start, int end, int depth) {
    int separator = end - 1;
    while (separator >= start && bytes.get(separator) != 0) {
      separator--;
    }
    if (separator < start) {
      throw malformed(VariantType.Basic.VARIANT, start, "the type of the value is missing");
    }
    byte[] signature = new byte[end - separator - 1];
    bytes.get(separator + 1, signature);
    VariantType type;
    try {
      type = VariantType.parse(new String(signature, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw malformed(VariantType.Basic.VARIANT, separator + 1, String.valueOf(e.getMessage()));
    }
    return new Variant.Boxed(value(type, start, separator, depth + 1));
  }

  private Variant array(VariantType.ArrayOf type, int start, int end, int depth) {
    if (type.equals(Variant.Bytes.TYPE)) {
      byte[] value = new byte[end - start];
      bytes.get(start, value);
      return new Variant.Bytes(value);
    }
    VariantType element = type.element();
    List<Variant> values = new ArrayList<>();
    if (element.isFixedSize()) {
      int size = element.fixedSize();
      if ((end - start) % size != 0) {
        throw malformed(type, start, "its length is no multiple of " + size);
      }
      for (int at = start; at < end; at += size) {
        values.add(value(element, at, at + size, depth + 1));
      }
    } else if (end > start) {
      int width = offsetWidth(end - start);
      // The last offset is the end of the last element, where the table of offsets begins.
      int table = start + offset(type, start, end, end - width, width);
      if ((end - table) % width != 0) {
        throw malformed(type, table, "the table of offsets is cut off");
      }
      int at = start;
      for (int entry = table; entry < end; entry += width) {
        int next = start + offset(type, start, table, entry, width);
        at = skipPadding(type, start, at, element.alignment(), next);
        values.add(value(element, at, next, depth + 1));
        at = next;
      }
    }
    return new Variant.Array(element, values);
  }

  private List<Variant> members(
      VariantType type, List<VariantType> types, int start, int end, int depth) {
    List<Variant> values = new ArrayList<>();
    int width = offsetWidth(end - start);
    int limit = end;
    for (VariantType member : types.subList(0, Math.max(0, types.size() - 1))) {
      limit -= member.isFixedSize() ? 0 : width;
    }
    if (limit < start) {
      throw malformed(type, start, "the table of offsets is cut off");
    }
    int nextOffset = end;
    int at = start;
    for (int i = 0; i < types.size(); i++) {
      VariantType member = types.get(i);
      int next;
      if (member.isFixedSize()) {
        next = start + VariantType.align(at - start, member.alignment()) + member.fixedSize();
      } else if (i == types.size() - 1) {
        next = limit;
      } else {
        nextOffset -= width;
        next = start + offset(type, start, limit, nextOffset, width);
      }
      if (next > limit) {
        throw malformed(type, at, "it ends inside a member");
      }
      at = skipPadding(type, start, at, member.alignment(), next);
      values.add(value(member, at, next, depth + 1));
      at = next;
    }
    if (type.isFixedSize()) {
      requireZeros(type, at, end);
    } else if (at != limit) {
      throw malformed(type, at, "there are bytes behind the last member");
    }
    return values;
  }

  /// The offset stored at AT, which must not lead behind LIMIT.
  private int offset(VariantType type, int start, int limit, int at, int width) {
    long offset =
        switch (width) {
          case 1 -> bytes.get(at) & 0xff;
          case 2 -> bytes.getShort(at) & 0xffff;
          default -> bytes.getInt(at) & 0xffffffffL;
        };
    if (offset > limit - start) {
      throw malformed(type, at, "an offset leads behind its container");
    }
    return (int) offset;
  }

  private int skipPadding(VariantType type, int start, int at, int alignment, int next) {
    int aligned = start + VariantType.align(at - start, alignment);
    if (aligned > next) {
      throw malformed(type, at, "an offset leads backwards");
    }
    requireZeros(type, at, aligned);
    return aligned;
  }

  private void requireZeros(VariantType type, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes.get(at) != 0) {
        throw malformed(type, at, "padding is not zero");
      }
    }
  }

  private static int offsetWidth(int size) {
    return size <= 0xff ? 1 : size <= 0xffff ? 2 : 4;
  }

  private static OverpakException malformed(VariantType type, int at, String what) {
    return new OverpakException(
        ExitCode.IMAGE,
        "not a GVariant of type %s, at byte %d: %s".formatted(type.signature(), at, what),
        "Get the image again from its source; if it stays so, its builder is at fault.");
  }
}
