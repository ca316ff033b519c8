package org.overpak.rpm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// Headers for tests, as rpm lays them out: entries by tag, data aligned, one region around all.
public final class HeaderBuilder {
  private final HeaderKind kind;
  private final TreeMap<Integer, Value> values = new TreeMap<>();

  private record Value(HeaderType type, int count, ByteBuffer bytes) {}

  HeaderBuilder(HeaderKind kind) {
    this.kind = kind;
  }

  /// The least that a binary package has.
  static HeaderBuilder ofPackage(String name) {
    return new HeaderBuilder(HeaderKind.PACKAGE)
        .string(Tag.NAME, name)
        .string(Tag.VERSION, "1")
        .string(Tag.RELEASE, "2")
        .string(Tag.ARCH, "noarch")
        .string(Tag.SOURCERPM, name + "-1-2.src.rpm");
  }

  public HeaderBuilder string(HeaderTag tag, String text) {
    return raw(tag.number(), HeaderType.STRING, 1, text + "\0");
  }

  public HeaderBuilder strings(HeaderTag tag, String... texts) {
    return raw(
        tag.number(), HeaderType.STRING_ARRAY, texts.length, String.join("\0", texts) + "\0");
  }

  HeaderBuilder binary(HeaderTag tag, byte[] bytes) {
    return put(tag.number(), HeaderType.BIN, bytes.length, bytes);
  }

  HeaderBuilder int16(HeaderTag tag, int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 2);
    for (int number : numbers) {
      bytes.putShort((short) number);
    }
    return put(tag.number(), HeaderType.INT16, numbers.length, bytes.array());
  }

  public HeaderBuilder int32(HeaderTag tag, int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 4);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return put(tag.number(), HeaderType.INT32, numbers.length, bytes.array());
  }

  HeaderBuilder int64(HeaderTag tag, int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 8);
    for (int number : numbers) {
      bytes.putLong(number);
    }
    return put(tag.number(), HeaderType.INT64, numbers.length, bytes.array());
  }

  /// Whatever the caller wants, right or wrong.
  HeaderBuilder raw(int tag, HeaderType type, int count, String data) {
    return put(tag, type, count, data.getBytes(StandardCharsets.UTF_8));
  }

  private HeaderBuilder put(int tag, HeaderType type, int count, byte[] bytes) {
    values.put(tag, new Value(type, count, ByteBuffer.wrap(bytes)));
    return this;
  }

  HeaderBuilder without(HeaderTag tag) {
    values.remove(tag.number());
    return this;
  }

  /// Counts, index and data, without the magic: as in the database.
  byte[] blob() {
    var index = new ByteArrayOutputStream();
    var data = new ByteArrayOutputStream();
    values.forEach(
        (tag, value) -> {
          int size = Math.max(value.type().size(), 1);
          data.writeBytes(new byte[-data.size() & (size - 1)]);
          index.writeBytes(entry(tag, value.type().number(), data.size(), value.count()));
          data.writeBytes(value.bytes().array());
        });
    int entries = values.size() + 1;
    int trailer = data.size();
    data.writeBytes(entry(kind.regionTag(), HeaderType.BIN.number(), -16 * entries, 16));
    var result = new ByteArrayOutputStream();
    result.writeBytes(ByteBuffer.allocate(8).putInt(entries).putInt(data.size()).array());
    result.writeBytes(entry(kind.regionTag(), HeaderType.BIN.number(), trailer, 16));
    result.writeBytes(index.toByteArray());
    result.writeBytes(data.toByteArray());
    return result.toByteArray();
  }

  private static byte[] entry(int tag, int type, int offset, int count) {
    return ByteBuffer.allocate(16).putInt(tag).putInt(type).putInt(offset).putInt(count).array();
  }

  /// As in a package file.
  byte[] file() {
    var result = new ByteArrayOutputStream();
    result.writeBytes(Header.magic());
    result.writeBytes(blob());
    return result.toByteArray();
  }

  Header parse() {
    return Header.parse(blob(), kind, Origin.ofPackageFile("test.rpm"));
  }
}
