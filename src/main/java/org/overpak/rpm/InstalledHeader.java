package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Makes the header that the database keeps of an installed package: the package's own as one
/// region, byte for byte, since digests and signatures cover it, and behind it, by their tags, what
/// the signature header said and what installing adds (psm.cc, `dbAdd`).
final class InstalledHeader {
  private static final int INTRO = 8;

  /// rpm's bound for what it merges (package.cc, `headerMergeLegacySigs`).
  private static final int MOST_ELEMENTS = 16 << 20;

  private static final int MD5_SIZE = 16;

  private final Header header;
  private final Header signature;
  private final Map<Integer, Addition> additions = new TreeMap<>();

  /// An entry and its data, big-endian.
  private record Addition(HeaderType type, int count, ByteBuffer data) {}

  private InstalledHeader(PackageFile file) {
    this.header = file.header().header();
    this.signature = file.signatureHeader();
  }

  /// The blob of the database's table `Packages`.
  ///
  /// @throws org.overpak.OverpakException if the signature header has what may not be merged
  static byte[] of(Installation installation, InstallTransaction transaction) {
    var result = new InstalledHeader(installation.file());
    for (SignatureTag tag : SignatureTag.values()) {
      result.merge(tag);
    }
    result.addStates(installation.states());
    result.addNumber(Tag.INSTALLTIME, transaction.time());
    result.addNumber(Tag.INSTALLTID, transaction.id());
    result.addNumber(Tag.INSTALLCOLOR, transaction.color());
    result.addPrefixes();
    return result.blob();
  }

  /// Takes TAG over under the number that it has in the database, which the package's own header
  /// may not use: what nobody signed would stand in for what somebody signed (CVE-2021-20271).
  private void merge(SignatureTag from) {
    Tag to = from.installed();
    boolean taken = header.has(to);
    if (!signature.has(from) || isIgnored(from)) {
      if (taken && !from.isInEither()) {
        throw header.origin().unfit("the header has %s, which is the signature header's", to);
      }
      return;
    }
    HeaderType type = signature.type(from);
    int count = signature.count(from);
    boolean isNumber = type == HeaderType.INT32 || type == HeaderType.INT64;
    if (taken
        || type != to.type()
        || count > MOST_ELEMENTS
        || (isNumber && count != 1)
        || (from == SignatureTag.MD5 && count != MD5_SIZE)) {
      throw header
          .origin()
          .unfit(
              "the signature header's %s (%d of type %s) cannot become the header's %s",
              from, count, type, to);
    }
    additions.put(to.number(), new Addition(type, count, signature.data(from)));
  }

  /// Packages of format 6 have reserved bytes where older ones had sizes and MD5.
  private boolean isIgnored(SignatureTag tag) {
    return header.has(Tag.RPMFORMAT) && tag.number() >= SignatureTag.SIZE.number();
  }

  private void addStates(List<FileState> states) {
    if (!states.isEmpty()) {
      ByteBuffer data = ByteBuffer.allocate(states.size());
      states.forEach(state -> data.put((byte) state.number()));
      add(Tag.FILESTATES, states.size(), data.flip());
    }
  }

  private void addNumber(Tag tag, long number) {
    add(tag, 1, ByteBuffer.allocate(Integer.BYTES).putInt((int) number).flip());
  }

  /// Of a package that could have been moved: where it was moved to, which is where it was.
  private void addPrefixes() {
    List<byte[]> prefixes = header.rawStrings(Tag.PREFIXES);
    if (!prefixes.isEmpty()) {
      ByteBuffer data =
          ByteBuffer.allocate(prefixes.stream().mapToInt(prefix -> prefix.length + 1).sum());
      prefixes.forEach(prefix -> data.put(prefix).put((byte) 0));
      add(Tag.INSTPREFIXES, prefixes.size(), data.flip());
    }
  }

  private void add(Tag tag, int count, ByteBuffer data) {
    if (header.has(tag)) {
      throw header.origin().unfit("the header has %s, which only installing adds", tag);
    }
    additions.put(tag.number(), new Addition(tag.type(), count, data));
  }

  private byte[] blob() {
    ByteBuffer own = ByteBuffer.wrap(header.blob());
    int entries = own.getInt();
    int dataSize = own.getInt();
    int indexSize = entries * HeaderIndex.ENTRY;
    ByteBuffer index = ByteBuffer.allocate(additions.size() * HeaderIndex.ENTRY);
    int end = dataSize;
    for (var item : additions.entrySet()) {
      Addition addition = item.getValue();
      end = aligned(end, addition.type());
      index.putInt(item.getKey()).putInt(addition.type().number());
      index.putInt(end).putInt(addition.count());
      end += addition.data().remaining();
    }
    ByteBuffer result = ByteBuffer.allocate(INTRO + indexSize + index.capacity() + end);
    result.putInt(entries + additions.size()).putInt(end);
    result.put(own.slice(INTRO, indexSize)).put(index.flip());
    int start = result.position();
    result.put(own.slice(INTRO + indexSize, dataSize));
    for (Addition addition : additions.values()) {
      result.position(start + aligned(result.position() - start, addition.type()));
      result.put(addition.data().duplicate());
    }
    return result.array();
  }

  private static int aligned(int offset, HeaderType type) {
    int size = Math.max(type.size(), 1);
    return (offset + size - 1) & -size;
  }

  /// The header of an installed package with other states of its files; its length stays.
  static byte[] withStates(Header installed, List<FileState> states) {
    byte[] result = installed.blob().clone();
    ByteBuffer old = installed.data(Tag.FILESTATES);
    if (old.remaining() != states.size()) {
      throw new IllegalArgumentException(
          "%d states instead of %d".formatted(states.size(), old.remaining()));
    }
    ByteBuffer target = ByteBuffer.wrap(result, installed.start(Tag.FILESTATES), states.size());
    states.forEach(state -> target.put((byte) state.number()));
    return result;
  }
}
