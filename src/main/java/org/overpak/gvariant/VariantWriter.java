package org.overpak.gvariant;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Values to bytes, by the rules of GVariant's [serialisation
/// format](https://docs.gtk.org/glib/gvariant-format-strings.html): children padded to their
/// alignment, followed by the ends of those whose length is not known from the type.
///
/// Each container is written on its own and then copied into its parent: as the alignment of a
/// container is that of its most demanding child, positions count from the container's own start.
final class VariantWriter {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final ByteArrayOutputStream ends = new ByteArrayOutputStream();

  private VariantWriter() {}

  static byte[] serialize(Variant variant) {
    return switch (variant) {
      case Variant.UInt8(byte value) -> new byte[] {value};
      case Variant.Bool(boolean value) -> new byte[] {(byte) (value ? 1 : 0)};
      case Variant.Int32(int value) -> fixed(4).putInt(value).array();
      case Variant.UInt32(int value) -> fixed(4).putInt(value).array();
      case Variant.UInt64(long value) -> fixed(8).putLong(value).array();
      case Variant.Text(String value) -> (value + '\0').getBytes(StandardCharsets.UTF_8);
      case Variant.Bytes bytes -> bytes.value();
      case Variant.Boxed(Variant value) -> boxed(value);
      case Variant.Array array -> array(array);
      case Variant.Tuple tuple -> tuple(tuple.type(), tuple.members());
      case Variant.DictEntry entry -> tuple(entry.type(), List.of(entry.key(), entry.value()));
    };
  }

  private static ByteBuffer fixed(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] boxed(Variant value) {
    var writer = new VariantWriter();
    writer.body.writeBytes(serialize(value));
    writer.body.write(0);
    writer.body.writeBytes(value.type().signature().getBytes(StandardCharsets.US_ASCII));
    return writer.body.toByteArray();
  }

  private static byte[] array(Variant.Array array) {
    var writer = new VariantWriter();
    int[] offsets = new int[array.values().size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = writer.append(array.values().get(i), array.element().alignment());
    }
    return array.element().isFixedSize()
        ? writer.body.toByteArray()
        : writer.finish(offsets, offsets.length);
  }

  private static byte[] tuple(VariantType type, List<Variant> members) {
    var writer = new VariantWriter();
    int[] offsets = new int[members.size()];
    int count = 0;
    for (int i = 0; i < members.size(); i++) {
      VariantType member = members.get(i).type();
      int end = writer.append(members.get(i), member.alignment());
      if (!member.isFixedSize() && i < members.size() - 1) {
        offsets[count++] = end;
      }
    }
    if (type.isFixedSize()) {
      writer.pad(type.fixedSize() - writer.body.size());
      return writer.body.toByteArray();
    }
    for (int i = 0; i < count / 2; i++) {
      int swap = offsets[i];
      offsets[i] = offsets[count - 1 - i];
      offsets[count - 1 - i] = swap;
    }
    return writer.finish(offsets, count);
  }

  private int append(Variant child, int alignment) {
    pad(VariantType.align(body.size(), alignment) - body.size());
    body.writeBytes(serialize(child));
    return body.size();
  }

  private void pad(int count) {
    for (int i = 0; i < count; i++) {
      body.write(0);
    }
  }

  private byte[] finish(int[] offsets, int count) {
    int width = offsetWidth(body.size(), count);
    for (int i = 0; i < count; i++) {
      for (int octet = 0; octet < width; octet++) {
        ends.write(octet < 4 ? offsets[i] >>> (8 * octet) : 0);
      }
    }
    body.writeBytes(ends.toByteArray());
    return body.toByteArray();
  }

  /// The fewest bytes per offset with which a container of SIZE bytes and COUNT offsets can be
  /// addressed.
  private static int offsetWidth(int size, int count) {
    if (size + (long) count <= 0xff) {
      return 1;
    }
    if (size + 2L * count <= 0xffff) {
      return 2;
    }
    return 4;
  }
}
