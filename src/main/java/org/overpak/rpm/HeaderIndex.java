package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The index of a header, checked: which entry has which tag, type and bytes.
///
/// An entry is 16 bytes: tag, type, offset into the data, count. The first one may name a *region*:
/// the header as it left the build, whose 16-byte trailer in the data says how many of the entries
/// belong to it. Entries that follow it, and their data, were added later.
final class HeaderIndex {
  static final int ENTRY = 16;
  private static final int INTRO = 8;
  private static final int LOWEST_TAG = 100;

  /// rpm's bound for all but binary data.
  private static final int MOST_ELEMENTS = 0xfffff;

  private final byte[] blob;
  private final ByteBuffer buffer;
  private final int entries;
  private final int dataStart;

  /// Entries and data bytes of the region; 0 where there is none.
  private int regionEntries;

  private int regionData;

  /// Tag in the upper, entry in the lower half; ascending.
  private final long[] byTag;

  private HeaderIndex(byte[] blob, int entries) {
    this.blob = blob;
    this.buffer = ByteBuffer.wrap(blob);
    this.entries = entries;
    this.dataStart = INTRO + entries * ENTRY;
    this.byTag = new long[entries];
  }

  static HeaderIndex parse(byte[] blob, HeaderKind kind, Origin origin) {
    if (blob.length < INTRO) {
      throw origin.malformed("%s is cut off: %d bytes", kind, blob.length);
    }
    ByteBuffer intro = ByteBuffer.wrap(blob);
    int entries = intro.getInt();
    int dataSize = intro.getInt();
    int size = kind.size(entries, dataSize, origin);
    if (size != blob.length - INTRO) {
      throw origin.malformed(
          "%s says it is %d bytes long, but is %d", kind, (long) size + INTRO, blob.length);
    }
    var index = new HeaderIndex(blob, entries);
    index.checkRegion(kind, origin);
    index.checkEntries(kind, origin);
    return index;
  }

  byte[] bytes() {
    return blob;
  }

  int count(int entry) {
    return buffer.getInt(INTRO + entry * ENTRY + 12);
  }

  HeaderType type(int entry) {
    HeaderType type = HeaderType.numbered(buffer.getInt(INTRO + entry * ENTRY + 4));
    if (type == null) {
      throw new IllegalStateException("types were checked");
    }
    return type;
  }

  /// Where the data of ENTRY begins in {@link #bytes}.
  int start(int entry) {
    return dataStart + offset(entry);
  }

  /// Where the data of ENTRY must end at the latest.
  int end(int entry) {
    if (entry + 1 == regionEntries) {
      return dataStart + regionData - ENTRY;
    }
    return entry + 1 < entries ? start(entry + 1) : blob.length;
  }

  /// The data of ENTRY, big-endian.
  ByteBuffer data(int entry) {
    return buffer.slice(start(entry), end(entry) - start(entry));
  }

  /// The entry of TAG, or -1. Where the database has one twice, that of the region, which digests
  /// and signatures cover.
  int find(int tag) {
    int at = Arrays.binarySearch(byTag, (long) tag << 32);
    int first = at >= 0 ? at : -at - 1;
    return first < byTag.length && (int) (byTag[first] >> 32) == tag ? (int) byTag[first] : -1;
  }

  int regionSize() {
    return regionEntries == 0 ? blob.length - INTRO : regionEntries * ENTRY + regionData;
  }

  /// Takes a run of bytes of an array.
  interface Sink {
    void accept(byte[] bytes, int offset, int length);
  }

  /// MAGIC, the counts, index and data of the region, or of all where there is none.
  void forEachRegionPart(byte[] magic, Sink sink) {
    sink.accept(magic, 0, magic.length);
    boolean all = regionEntries == 0;
    ByteBuffer counts = ByteBuffer.allocate(INTRO);
    counts.putInt(all ? entries : regionEntries).putInt(all ? dataSize() : regionData);
    sink.accept(counts.array(), 0, INTRO);
    sink.accept(blob, INTRO, (all ? entries : regionEntries) * ENTRY);
    sink.accept(blob, dataStart, all ? dataSize() : regionData);
  }

  private int dataSize() {
    return blob.length - dataStart;
  }

  private int tag(int entry) {
    return buffer.getInt(INTRO + entry * ENTRY);
  }

  private int offset(int entry) {
    return buffer.getInt(INTRO + entry * ENTRY + 8);
  }

  private void checkRegion(HeaderKind kind, Origin origin) {
    if (tag(0) != kind.regionTag()) {
      if (kind == HeaderKind.PACKAGE) {
        throw origin.malformed("header begins with tag %d instead of its region (63)", tag(0));
      }
      return;
    }
    int trailer = offset(0);
    if (buffer.getInt(INTRO + 4) != HeaderType.BIN.number() || count(0) != ENTRY) {
      throw origin.malformed("%s: the region's entry is not 16 binary bytes", kind);
    }
    if (trailer < 0 || trailer > dataSize() - ENTRY) {
      throw origin.malformed(
          "%s: the region's trailer lies at %d, outside its data", kind, trailer);
    }
    int at = dataStart + trailer;
    int tag = buffer.getInt(at);
    // Old packages wrote 61 (HEADERIMAGE) into the trailer of the signature header.
    boolean ours = tag == kind.regionTag() || (kind == HeaderKind.SIGNATURE && tag == 61);
    long indexSize = -(long) buffer.getInt(at + 8);
    if (!ours
        || buffer.getInt(at + 4) != HeaderType.BIN.number()
        || buffer.getInt(at + 12) != ENTRY
        || indexSize < ENTRY
        || indexSize % ENTRY != 0
        || indexSize / ENTRY > entries) {
      throw origin.malformed("%s: the region's trailer is malformed", kind);
    }
    regionEntries = (int) (indexSize / ENTRY);
    regionData = trailer + ENTRY;
    if (kind == HeaderKind.PACKAGE && (regionEntries != entries || regionData != dataSize())) {
      throw origin.malformed("header has data outside its region");
    }
  }

  private void checkEntries(HeaderKind kind, Origin origin) {
    int previousEnd = 0;
    for (int entry = 0; entry < entries; entry++) {
      if (entry > 0 || regionEntries == 0) {
        boolean inRegion = entry < regionEntries;
        if (!inRegion) {
          previousEnd = Math.max(previousEnd, regionData);
        }
        previousEnd =
            checkEntry(entry, previousEnd, inRegion ? regionData - ENTRY : dataSize(), origin);
      }
      byTag[entry] = ((long) tag(entry) << 32) | entry;
    }
    Arrays.sort(byTag);
    for (int i = 1; i < entries && kind != HeaderKind.INSTALLED; i++) {
      if ((int) (byTag[i] >> 32) == (int) (byTag[i - 1] >> 32)) {
        throw origin.malformed("%s has tag %d twice", kind, (int) (byTag[i] >> 32));
      }
    }
  }

  /// Where the data of ENTRY ends at the earliest: strings may be longer than their NULs.
  private int checkEntry(int entry, int previousEnd, int limit, Origin origin) {
    int tag = tag(entry);
    int count = count(entry);
    int offset = offset(entry);
    HeaderType type = HeaderType.numbered(buffer.getInt(INTRO + entry * ENTRY + 4));
    if (tag < LOWEST_TAG || type == null) {
      throw origin.malformed(
          "header entry %d: no such tag or type: %d, %d",
          entry, tag, buffer.getInt(INTRO + entry * ENTRY + 4));
    }
    boolean singular = type == HeaderType.STRING;
    if (count < 1
        || (count > MOST_ELEMENTS && type != HeaderType.BIN)
        || (singular && count != 1)) {
      throw origin.malformed(
          "header entry %d (tag %d): impossible count %s",
          entry, tag, Integer.toUnsignedString(count));
    }
    int size = Math.max(type.size(), 1);
    long end = (long) offset + (long) count * size;
    if (offset < previousEnd || offset % size != 0 || end > limit) {
      throw origin.malformed(
          "header entry %d (tag %d): data at %d to %d overlaps others, is not aligned or lies"
              + " outside of %d to %d",
          entry, tag, offset, end, previousEnd, limit);
    }
    return (int) end;
  }
}
