package org.overpak.rpm;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Adler32;

/// Reads `Packages.db` of rpm's own ndb format, which openSUSE uses: pages of slots at the front
/// say where in the file the header of each package is (rpm: lib/backend/ndb/rpmpkg.c). Integers
/// are little-endian, places and sizes in blocks of 16 bytes.
final class NdbFile {
  private static final int PAGE = 4096;
  private static final int BLOCK = 16;
  private static final int FILE_HEADER = 32;
  private static final int BLOB_HEAD = 16;
  private static final int BLOB_TAIL = 12;
  private static final int FILE_MAGIC = magic("RpmP");
  private static final int SLOT_MAGIC = magic("Slot");
  private static final int HEAD_MAGIC = magic("BlbS");
  private static final int TAIL_MAGIC = magic("BlbE");

  private final FileChannel channel;
  private final Origin origin;

  private NdbFile(FileChannel channel, Path file) {
    this.channel = channel;
    this.origin = Origin.ofDatabase(file.toString());
  }

  /// Where the header of a package is.
  private record Slot(int number, long start, long size) {}

  /// All headers by their numbers.
  ///
  /// @throws org.overpak.OverpakException (IMAGE) if FILE is malformed or damaged
  static HeaderTable read(Path file) {
    try (var channel = FileChannel.open(file)) {
      return new NdbFile(channel, file).read();
    } catch (EOFException e) {
      throw Origin.ofDatabase(file.toString()).malformed("the ndb database is cut off");
    } catch (IOException e) {
      throw PackageFile.unreadable(file, e);
    }
  }

  private static int magic(String text) {
    return text.charAt(0) | text.charAt(1) << 8 | text.charAt(2) << 16 | text.charAt(3) << 24;
  }

  private HeaderTable read() throws IOException {
    ByteBuffer header = bytes(0, FILE_HEADER);
    int version = header.getInt(4);
    if (header.getInt(0) != FILE_MAGIC || version != 0) {
      throw origin.malformed("this is no ndb database of version 0");
    }
    long pages = Integer.toUnsignedLong(header.getInt(12));
    if (pages * PAGE > channel.size()) {
      throw origin.malformed("%d pages of slots in a file of %d bytes", pages, channel.size());
    }
    List<Slot> slots = new ArrayList<>();
    for (long page = 0; page < pages; page++) {
      readSlots(page, pages * PAGE, slots);
    }
    checkApart(slots);
    slots.sort(Comparator.comparingInt(Slot::number));
    List<HeaderRow> rows = new ArrayList<>(slots.size());
    for (Slot slot : slots) {
      rows.add(new HeaderRow(slot.number(), blob(slot)));
    }
    return new HeaderTable(rows, Math.max(0, header.getInt(16) - 1));
  }

  private void readSlots(long page, long first, List<Slot> slots) throws IOException {
    ByteBuffer bytes = bytes(page * PAGE, PAGE);
    for (int at = page == 0 ? FILE_HEADER : 0; at < PAGE; at += BLOCK) {
      if (bytes.getInt(at) != SLOT_MAGIC) {
        throw origin.malformed("there is no slot at byte %d", page * PAGE + at);
      }
      int number = bytes.getInt(at + 4);
      long start = Integer.toUnsignedLong(bytes.getInt(at + 8)) * BLOCK;
      long size = Integer.toUnsignedLong(bytes.getInt(at + 12)) * BLOCK;
      if (start == 0) {
        continue;
      }
      if (number <= 0
          || start < first
          || size < BLOB_HEAD + BLOB_TAIL
          || start + size > channel.size()) {
        throw origin.malformed(
            "package %d lies at %d to %d, outside of %d to %d",
            number, start, start + size, first, channel.size());
      }
      slots.add(new Slot(number, start, size));
    }
  }

  /// Two headers in one place would make a small file large in memory.
  private void checkApart(List<Slot> slots) {
    Set<Integer> numbers = new HashSet<>();
    long end = 0;
    for (Slot slot : slots.stream().sorted(Comparator.comparingLong(Slot::start)).toList()) {
      if (slot.start() < end || !numbers.add(slot.number())) {
        throw origin.malformed("package %d is there twice, or overlaps another", slot.number());
      }
      end = slot.start() + slot.size();
    }
  }

  private byte[] blob(Slot slot) throws IOException {
    if (slot.size() > HeaderTable.LARGEST) {
      throw origin.malformed("package %d has a header of more than 256 MiB", slot.number());
    }
    ByteBuffer bytes = bytes(slot.start(), (int) slot.size());
    int tail = bytes.capacity() - BLOB_TAIL;
    int length = bytes.getInt(12);
    int blocks = (int) (slot.size() / BLOCK);
    boolean fits =
        length >= 0
            && blocks == (BLOB_HEAD + (long) length + BLOB_TAIL + BLOCK - 1) / BLOCK
            && bytes.getInt(tail + 4) == length;
    if (bytes.getInt(0) != HEAD_MAGIC
        || bytes.getInt(4) != slot.number()
        || bytes.getInt(tail + 8) != TAIL_MAGIC
        || !fits) {
      throw origin.malformed("package %d has no header where it must be", slot.number());
    }
    var sum = new Adler32();
    sum.update(bytes.slice(0, tail));
    if ((int) sum.getValue() != bytes.getInt(tail)) {
      throw origin.malformed("package %d has a header with a wrong checksum", slot.number());
    }
    byte[] result = new byte[length];
    bytes.get(BLOB_HEAD, result);
    return result;
  }

  /// COUNT bytes at OFFSET, which the file was seen to have.
  private ByteBuffer bytes(long offset, int count) throws IOException {
    ByteBuffer result = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (result.hasRemaining()) {
      if (channel.read(result, offset + result.position()) < 0) {
        throw new EOFException();
      }
    }
    return result.flip();
  }
}
