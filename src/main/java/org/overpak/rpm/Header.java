package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.overpak.Digest;
import org.overpak.tree.TreePath;

/// An RPM header: values by tag, as bytes that were checked to be well-formed.
///
/// What the index says of counts, offsets and types is checked when the header is read, as rpm does
/// (header.cc, `hdrblobVerifyInfo`); strings are found when they are asked for, and then must end
/// inside their entry. So a database of a thousand packages is open before one of its file lists
/// was walked. A value that turns out to be malformed is an {@link org.overpak.OverpakException}
/// that names the package.
public final class Header {
  private static final byte[] MAGIC = {
    (byte) 0x8e, (byte) 0xad, (byte) 0xe8, 0x01, 0x00, 0x00, 0x00, 0x00
  };

  private final HeaderIndex index;
  private final Origin origin;

  Header(HeaderIndex index, Origin origin) {
    this.index = index;
    this.origin = origin;
  }

  /// Reads BLOB: entry count, data size, index and data, without the magic, as in the database.
  static Header parse(byte[] blob, HeaderKind kind, Origin origin) {
    return new Header(HeaderIndex.parse(blob, kind, origin), origin);
  }

  static byte[] magic() {
    return MAGIC.clone();
  }

  Origin origin() {
    return origin;
  }

  public boolean has(HeaderTag tag) {
    return index.find(tag.number()) >= 0;
  }

  /// The string of TAG; the untranslated one where there are several, empty where there is none.
  public String string(HeaderTag tag) {
    int entry = find(tag);
    return entry < 0 ? "" : strings(tag, entry, 1, false).getFirst();
  }

  /// All strings of TAG; empty where there is none.
  public List<String> strings(HeaderTag tag) {
    int entry = find(tag);
    return entry < 0 ? List.of() : strings(tag, entry, index.count(entry), false);
  }

  /// As {@link #strings}, of names in a filesystem, which must be UTF-8.
  List<String> names(HeaderTag tag) {
    int entry = find(tag);
    return entry < 0 ? List.of() : strings(tag, entry, index.count(entry), true);
  }

  /// All strings of TAG as the bytes that they are, which may be in any encoding.
  List<byte[]> rawStrings(HeaderTag tag) {
    int entry = find(tag);
    if (entry < 0) {
      return List.of();
    }
    var result = new ArrayList<byte[]>(index.count(entry));
    forEachString(
        tag,
        entry,
        index.count(entry),
        (start, end) -> result.add(Arrays.copyOfRange(index.bytes(), start, end)));
    return result;
  }

  private List<String> strings(HeaderTag tag, int entry, int count, boolean strict) {
    var result = new ArrayList<String>(count);
    forEachString(
        tag, entry, count, (start, end) -> result.add(text(tag, start, end - start, strict)));
    return result;
  }

  private interface Range {
    void accept(int start, int end);
  }

  /// Gives the first COUNT strings of ENTRY to RANGE, without their NULs; returns where they end.
  private int forEachString(HeaderTag tag, int entry, int count, Range range) {
    byte[] bytes = index.bytes();
    int end = index.end(entry);
    int start = index.start(entry);
    for (int i = 0; i < count; i++) {
      int at = start;
      while (at < end && bytes[at] != 0) {
        at++;
      }
      if (at == end) {
        throw origin.malformed("string %d of %s does not end inside its entry", i, tag.name());
      }
      range.accept(start, at);
      start = at + 1;
    }
    return start;
  }

  /// UTF-8, which headers must be since 2018; older ones may hold anything, read as Latin-1 then.
  private String text(HeaderTag tag, int start, int length, boolean strict) {
    byte[] bytes = index.bytes();
    String text = new String(bytes, start, length, StandardCharsets.UTF_8);
    if (text.indexOf('\ufffd') < 0) {
      return text;
    }
    try {
      return TreePath.decode(Arrays.copyOfRange(bytes, start, start + length));
    } catch (IllegalArgumentException e) {
      if (strict) {
        throw origin.malformed("%s: %s", tag.name(), e.getMessage());
      }
      return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }
  }

  /// The only number of TAG, unsigned; OTHERWISE where there is none.
  public long number(HeaderTag tag, long otherwise) {
    long[] numbers = numbers(tag);
    return numbers.length == 0 ? otherwise : numbers[0];
  }

  /// All numbers of TAG, unsigned; empty where there is none.
  public long[] numbers(HeaderTag tag) {
    int entry = find(tag);
    if (entry < 0) {
      return new long[0];
    }
    var result = new long[index.count(entry)];
    ByteBuffer data = index.data(entry);
    HeaderType type = index.type(entry);
    for (int i = 0; i < result.length; i++) {
      result[i] =
          switch (type) {
            case CHAR, INT8 -> Byte.toUnsignedLong(data.get());
            case INT16 -> Short.toUnsignedLong(data.getShort());
            case INT32 -> Integer.toUnsignedLong(data.getInt());
            case INT64 -> data.getLong();
            case STRING, BIN, STRING_ARRAY, I18NSTRING ->
                throw new IllegalArgumentException(tag.name() + " holds no numbers");
          };
    }
    return result;
  }

  /// The bytes of TAG, which is binary; empty where there is none.
  public byte[] bytes(HeaderTag tag) {
    int entry = find(tag);
    if (entry < 0) {
      return new byte[0];
    }
    return Arrays.copyOfRange(
        index.bytes(), index.start(entry), index.start(entry) + index.count(entry));
  }

  /// Entry count, data size, index and data, as in the database. Not to be changed.
  byte[] blob() {
    return index.bytes();
  }

  /// Where in {@link #blob} the data of TAG begins, which is there.
  int start(HeaderTag tag) {
    return index.start(find(tag));
  }

  /// How the data of TAG, which is there, is stored.
  HeaderType type(HeaderTag tag) {
    return index.type(find(tag));
  }

  int count(HeaderTag tag) {
    int entry = find(tag);
    return entry < 0 ? 0 : index.count(entry);
  }

  /// The data of TAG as it is stored, big-endian, strings with their NULs; empty if there is none.
  ByteBuffer data(HeaderTag tag) {
    int entry = find(tag);
    if (entry < 0) {
      return ByteBuffer.allocate(0);
    }
    int count = index.count(entry);
    HeaderType type = index.type(entry);
    int start = index.start(entry);
    int end =
        type.isString()
            ? forEachString(tag, entry, count, (_, _) -> {})
            : start + count * type.size();
    return ByteBuffer.wrap(index.bytes(), start, end - start).slice();
  }

  /// The entry of TAG, or -1.
  private int find(HeaderTag tag) {
    int entry = index.find(tag.number());
    if (entry >= 0) {
      HeaderType declared =
          switch (tag) {
            case Tag main -> main.type();
            case SignatureTag signature -> signature.type();
          };
      if (!declared.accepts(index.type(entry))) {
        throw origin.malformed("%s is of type %s", tag.name(), index.type(entry));
      }
    }
    return entry;
  }

  /// What header digests and header signatures are made of: the header as it was in the package
  /// file, magic included, without what was added when the package was installed.
  public byte[] signedBytes() {
    ByteBuffer result = ByteBuffer.allocate(MAGIC.length + 8 + index.regionSize());
    index.forEachRegionPart(MAGIC, result::put);
    return result.array();
  }

  /// The digest of {@link #signedBytes}.
  public Digest digest(Digest.Algorithm algorithm) {
    MessageDigest digest = algorithm.start();
    index.forEachRegionPart(MAGIC, digest::update);
    return Digest.finish(algorithm, digest);
  }
}
