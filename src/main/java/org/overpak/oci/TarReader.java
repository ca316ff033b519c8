package org.overpak.oci;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.tree.Attributes;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;

/// Reads the entries of a tar one after the other: ustar, pax, GNU's long names and numbers.
///
/// What readers of images are known to understand differently (sparse files, links with content,
/// global headers that rename) is refused, so that what is seen here is what every engine unpacks.
final class TarReader {
  /// Longer than any header that a path of PATH_MAX and all extended attributes can need.
  private static final int LONGEST_HEADER = 1 << 20;

  /// PATH_MAX of Linux.
  private static final int LONGEST_NAME = 4096;

  private final InputStream stream;
  private long position;

  /// End of the current entry's content and padding.
  private long end;

  private long contentLeft;

  /// What was read of the current entry's content ahead of {@link #readContent}.
  private byte[] head = new byte[0];

  /// STREAM should be buffered; it is not closed.
  TarReader(InputStream stream) {
    this.stream = stream;
  }

  /// The next entry; the content of the last one is skipped.
  Optional<TarEntry> next() throws IOException {
    stream.skipNBytes(end - position);
    position = end;
    head = new byte[0];
    SequencedMap<String, byte[]> records = new LinkedHashMap<>();
    while (true) {
      long start = position;
      byte[] block = readBlock();
      if (block == null || isZero(block)) {
        if (!records.isEmpty()) {
          throw new MalformedArchive("extended header without an entry at offset " + start);
        }
        return Optional.empty();
      }
      check(block, start);
      switch (block[TarHeader.TYPE]) {
        case 'x' -> records.putAll(PaxRecords.parse(readHeaderContent(block, start)));
        case 'g' -> checkGlobal(PaxRecords.parse(readHeaderContent(block, start)), start);
        case 'L' -> records.put("path", untilNul(readHeaderContent(block, start)));
        case 'K' -> records.put("linkpath", untilNul(readHeaderContent(block, start)));
        default -> {
          return Optional.of(entry(block, records, start));
        }
      }
    }
  }

  /// Reads all content of the entry that {@link #next} gave last.
  byte[] readContent() throws IOException {
    byte[] read = readBytes(contentLeft);
    if (head.length == 0) {
      return read;
    }
    byte[] bytes = Arrays.copyOf(head, Math.addExact(head.length, read.length));
    System.arraycopy(read, 0, bytes, head.length, read.length);
    return bytes;
  }

  /// The first bytes of the entry that {@link #next} gave last, which {@link #readContent} still
  /// gives: LENGTH, or all if there are fewer. Once for each entry.
  byte[] head(int length) throws IOException {
    head = readBytes(Math.min(length, contentLeft));
    return head.clone();
  }

  private byte[] readBytes(long length) throws IOException {
    byte[] bytes = stream.readNBytes(Math.toIntExact(length));
    position += bytes.length;
    if (bytes.length < length) {
      throw new EOFException("the archive ends within an entry's content");
    }
    contentLeft -= length;
    return bytes;
  }

  /// Who takes content piece by piece.
  interface Sink {
    /// @param bytes good until the next call, up to LENGTH
    void take(byte[] bytes, int length) throws IOException;
  }

  /// Reads all content of the entry that {@link #next} gave last, however much it is.
  void copyContent(Sink sink) throws IOException {
    byte[] buffer = new byte[1 << 16];
    while (contentLeft > 0) {
      int count = stream.read(buffer, 0, (int) Math.min(buffer.length, contentLeft));
      if (count < 0) {
        throw new EOFException("the archive ends within an entry's content");
      }
      position += count;
      contentLeft -= count;
      sink.take(buffer, count);
    }
  }

  private byte @Nullable [] readBlock() throws IOException {
    byte[] block = stream.readNBytes(TarHeader.BLOCK);
    position += block.length;
    end = position;
    if (block.length == 0) {
      return null;
    }
    if (block.length < TarHeader.BLOCK) {
      throw new MalformedArchive("the archive ends within a header at offset " + position);
    }
    return block;
  }

  private static boolean isZero(byte[] block) {
    for (byte octet : block) {
      if (octet != 0) {
        return false;
      }
    }
    return true;
  }

  private static void check(byte[] block, long start) throws MalformedArchive {
    try {
      if (TarHeader.CHECKSUM.number(block) == TarHeader.checksum(block)) {
        return;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new MalformedArchive("not a tar header (wrong checksum) at offset " + start);
  }

  private byte[] readHeaderContent(byte[] block, long start) throws IOException {
    long size = number(TarHeader.SIZE, block, "size", start);
    if (size < 0 || size > LONGEST_HEADER) {
      throw new MalformedArchive(
          "extended header of %d bytes at offset %d; more than %d are never needed"
              .formatted(size, start, LONGEST_HEADER));
    }
    byte[] content = stream.readNBytes((int) size);
    if (content.length < size) {
      throw new EOFException("the archive ends within an extended header at offset " + start);
    }
    stream.skipNBytes(TarHeader.padding(size));
    position += size + TarHeader.padding(size);
    end = position;
    return content;
  }

  /// Global headers are ignored, as Go and libarchive do, unless another reader would take them to
  /// change what is unpacked.
  private static void checkGlobal(SequencedMap<String, byte[]> records, long start)
      throws MalformedArchive {
    for (String key : records.keySet()) {
      if (key.equals("path") || key.equals("linkpath") || key.equals("size")) {
        throw new MalformedArchive(
            "global header at offset " + start + " sets '" + key + "' of all entries");
      }
    }
  }

  private TarEntry entry(byte[] block, SequencedMap<String, byte[]> records, long start)
      throws MalformedArchive {
    String name = text(name(block, records), "name", start);
    if (name.isEmpty()) {
      throw new MalformedArchive("entry without a name at offset " + start);
    }
    if (records.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."))) {
      throw wrong(name, "is a sparse file, which layers should not have and are not read here");
    }
    TarEntry.Type type = type(block[TarHeader.TYPE], name);
    long size = number("size", TarHeader.SIZE, block, records, start);
    if (size < 0 || size > Long.MAX_VALUE - position - TarHeader.BLOCK) {
      throw wrong(name, "has an impossible size: " + size);
    }
    if (size != 0 && type != TarEntry.Type.REGULAR) {
      throw wrong(name, "is no regular file but has content");
    }
    boolean links = type == TarEntry.Type.HARD_LINK || type == TarEntry.Type.SYMLINK;
    boolean device = type == TarEntry.Type.CHARACTER_DEVICE || type == TarEntry.Type.BLOCK_DEVICE;
    end = position + size + TarHeader.padding(size);
    contentLeft = size;
    return new TarEntry(
        type,
        name,
        links ? text(linkName(block, records), "link target", start) : "",
        attributes(block, records, name, start),
        position,
        size,
        device ? device(TarHeader.MAJOR, block, name, start) : 0,
        device ? device(TarHeader.MINOR, block, name, start) : 0);
  }

  private static TarEntry.Type type(byte flag, String name) throws MalformedArchive {
    return switch (flag) {
      // Before POSIX, a directory was a file whose name ends so.
      case 0 -> name.endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.REGULAR;
      case '0', '7' -> TarEntry.Type.REGULAR;
      case '1' -> TarEntry.Type.HARD_LINK;
      case '2' -> TarEntry.Type.SYMLINK;
      case '3' -> TarEntry.Type.CHARACTER_DEVICE;
      case '4' -> TarEntry.Type.BLOCK_DEVICE;
      case '5' -> TarEntry.Type.DIRECTORY;
      case '6' -> TarEntry.Type.FIFO;
      default ->
          throw wrong(name, "is of a type that no layer has: '%c' (%d)".formatted(flag, flag));
    };
  }

  private static byte[] name(byte[] block, SequencedMap<String, byte[]> records) {
    byte[] record = records.get("path");
    if (record != null && record.length > 0) {
      return record;
    }
    byte[] name = TarHeader.NAME.text(block);
    // GNU's magic has other fields where POSIX has the prefix.
    boolean posix =
        Arrays.equals(
            TarHeader.USTAR, 0, 6, block, TarHeader.MAGIC.offset(), TarHeader.MAGIC.offset() + 6);
    byte[] prefix = posix ? TarHeader.PREFIX.text(block) : new byte[0];
    if (prefix.length == 0) {
      return name;
    }
    byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    joined[prefix.length] = '/';
    System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
    return joined;
  }

  private static byte[] linkName(byte[] block, SequencedMap<String, byte[]> records) {
    byte[] record = records.get("linkpath");
    return record != null && record.length > 0 ? record : TarHeader.LINK_NAME.text(block);
  }

  private static String text(byte[] bytes, String what, long start) throws MalformedArchive {
    if (bytes.length > LONGEST_NAME) {
      throw new MalformedArchive(
          "%s of %d bytes, more than a path can have, at offset %d"
              .formatted(what, bytes.length, start));
    }
    try {
      return TreePath.decode(bytes);
    } catch (IllegalArgumentException e) {
      throw new MalformedArchive(
          "entry at offset " + start + ": " + what + ": " + e.getMessage(), e);
    }
  }

  private static Attributes attributes(
      byte[] block, SequencedMap<String, byte[]> records, String name, long start)
      throws MalformedArchive {
    long uid = number("uid", TarHeader.UID, block, records, start);
    long gid = number("gid", TarHeader.GID, block, records, start);
    if (uid < 0 || uid > Integer.MAX_VALUE || gid < 0 || gid > Integer.MAX_VALUE) {
      throw wrong(name, "has an impossible owner: " + uid + ":" + gid);
    }
    SortedMap<String, ExtendedAttribute> xattrs = new TreeMap<>();
    records.forEach(
        (key, value) -> {
          if (key.startsWith(PaxRecords.XATTR) && key.length() > PaxRecords.XATTR.length()) {
            xattrs.put(key.substring(PaxRecords.XATTR.length()), new ExtendedAttribute(value));
          }
        });
    return new Attributes(
        (int) number(TarHeader.MODE, block, "mode", start) & 07777,
        new Owner((int) uid, (int) gid),
        number("mtime", TarHeader.MODIFIED, block, records, start),
        xattrs);
  }

  private static int device(TarHeader.Field field, byte[] block, String name, long start)
      throws MalformedArchive {
    long number = number(field, block, "device number", start);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw wrong(name, "has an impossible device number: " + number);
    }
    return (int) number;
  }

  /// The record KEY, a decimal number whose fraction is dropped towards the past, else FIELD.
  private static long number(
      String key,
      TarHeader.Field field,
      byte[] block,
      SequencedMap<String, byte[]> records,
      long start)
      throws MalformedArchive {
    byte[] record = records.get(key);
    if (record == null || record.length == 0) {
      return number(field, block, key, start);
    }
    String text = new String(record, StandardCharsets.ISO_8859_1);
    int point = key.equals("mtime") ? text.indexOf('.') : -1;
    try {
      long whole = Long.parseLong(point < 0 ? text : text.substring(0, point));
      boolean fraction = point >= 0 && !text.substring(point + 1).matches("0*");
      return fraction && text.startsWith("-") ? whole - 1 : whole;
    } catch (NumberFormatException e) {
      throw new MalformedArchive(
          "extended header before offset " + start + ": " + key + " is no number: " + text, e);
    }
  }

  private static long number(TarHeader.Field field, byte[] block, String what, long start)
      throws MalformedArchive {
    try {
      return field.number(block);
    } catch (NumberFormatException e) {
      throw new MalformedArchive(
          "header at offset " + start + ": " + what + " is no number: " + e.getMessage(), e);
    }
  }

  private static byte[] untilNul(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static MalformedArchive wrong(String name, String what) {
    return new MalformedArchive("entry '" + name + "' " + what);
  }
}
