package org.overpak.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.TreePath;

/// Writes entries as a pax tar: ustar headers, with an extended header before those that need one.
/// What is written depends on the entries alone: owners have no names, and nothing is taken from
/// the system.
final class TarWriter {
  private static final byte[] EXTENDED_NAME = "././@PaxHeader".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final ContentReader contents;
  private String prefix = "";

  /// Closes neither.
  TarWriter(OutputStream out, ContentReader contents) {
    this.out = out;
    this.contents = contents;
  }

  /// What the names of the entries that follow begin with; targets of links do not.
  void prefixNames(String newPrefix) {
    prefix = newPrefix;
  }

  void write(TreePath path, Entry entry) throws IOException {
    switch (entry) {
      case Entry.Directory directory ->
          header(path, TarEntry.Type.DIRECTORY, directory.attributes(), "", 0, 0, 0);
      case Entry.Symlink link ->
          header(path, TarEntry.Type.SYMLINK, link.attributes(), link.target(), 0, 0, 0);
      case Entry.Special special ->
          header(
              path,
              type(path, special.kind()),
              special.attributes(),
              "",
              0,
              special.major(),
              special.minor());
      case Entry.RegularFile file -> {
        long size = file.content().size();
        header(path, TarEntry.Type.REGULAR, file.attributes(), "", size, 0, 0);
        try (InputStream stream = contents.open(file.content())) {
          copyExactly(path, stream, size);
        }
        out.write(new byte[TarHeader.padding(size)]);
      }
    }
  }

  /// PATH as another name of TARGET, which was written before.
  void writeHardLink(TreePath path, Entry.RegularFile file, TreePath target) throws IOException {
    header(path, TarEntry.Type.HARD_LINK, file.attributes(), target.value(), 0, 0, 0);
  }

  /// The end of the archive.
  void finish() throws IOException {
    out.write(new byte[2 * TarHeader.BLOCK]);
  }

  private void copyExactly(TreePath path, InputStream stream, long size) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = size;
    while (left > 0) {
      int count = stream.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        throw new IOException(
            "the content of %s ends %d bytes before its size %d".formatted(path, left, size));
      }
      out.write(buffer, 0, count);
      left -= count;
    }
  }

  private static TarEntry.Type type(TreePath path, Entry.Special.Kind kind) {
    return switch (kind) {
      case CHARACTER_DEVICE -> TarEntry.Type.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> TarEntry.Type.BLOCK_DEVICE;
      case FIFO -> TarEntry.Type.FIFO;
      case SOCKET ->
          throw new OverpakException(
              ExitCode.IMAGE,
              path + " is a socket, which no layer can hold",
              "Leave it out of the image.");
    };
  }

  private void header(
      TreePath path,
      TarEntry.Type type,
      Attributes attributes,
      String linkName,
      long size,
      int major,
      int minor)
      throws IOException {
    byte[] block = new byte[TarHeader.BLOCK];
    SequencedMap<String, byte[]> extended = new LinkedHashMap<>();
    putText(block, TarHeader.NAME, name(path, type), "path", extended);
    putText(block, TarHeader.LINK_NAME, linkName, "linkpath", extended);
    TarHeader.MODE.putNumber(block, attributes.mode());
    putNumber(block, TarHeader.UID, attributes.owner().uid(), "uid", extended);
    putNumber(block, TarHeader.GID, attributes.owner().gid(), "gid", extended);
    putNumber(block, TarHeader.SIZE, size, "size", extended);
    putNumber(block, TarHeader.MODIFIED, attributes.modified(), "mtime", extended);
    TarHeader.MAJOR.putNumber(block, major);
    TarHeader.MINOR.putNumber(block, minor);
    attributes
        .xattrs()
        .forEach((key, value) -> extended.put(PaxRecords.XATTR + key, value.value()));
    if (!extended.isEmpty()) {
      writeExtended(PaxRecords.format(extended));
    }
    writeBlock(block, type.flag());
  }

  private String name(TreePath path, TarEntry.Type type) {
    if (path.isRoot()) {
      return "./";
    }
    return prefix + (type == TarEntry.Type.DIRECTORY ? path.value() + "/" : path.value());
  }

  private void writeExtended(byte[] records) throws IOException {
    byte[] block = new byte[TarHeader.BLOCK];
    TarHeader.NAME.putText(block, EXTENDED_NAME);
    TarHeader.MODE.putNumber(block, 0644);
    TarHeader.UID.putNumber(block, 0);
    TarHeader.GID.putNumber(block, 0);
    TarHeader.SIZE.putNumber(block, records.length);
    TarHeader.MODIFIED.putNumber(block, 0);
    writeBlock(block, (byte) 'x');
    out.write(records);
    out.write(new byte[TarHeader.padding(records.length)]);
  }

  private void writeBlock(byte[] block, byte flag) throws IOException {
    block[TarHeader.TYPE] = flag;
    TarHeader.MAGIC.putText(block, TarHeader.USTAR);
    int checksum = TarHeader.checksum(block);
    // Six digits, NUL, space: as every tar writes it.
    byte[] digits = "%06o\0 ".formatted(checksum).getBytes(StandardCharsets.US_ASCII);
    TarHeader.CHECKSUM.putText(block, digits);
    out.write(block);
  }

  /// Names beyond a field or ASCII go into the extended header, which alone says that it is UTF-8.
  private static void putText(
      byte[] block,
      TarHeader.Field field,
      String text,
      String key,
      SequencedMap<String, byte[]> extended) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean ascii = bytes.length == text.length();
    if (bytes.length > field.length() || !ascii) {
      extended.put(key, bytes);
    }
    field.putText(block, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void putNumber(
      byte[] block,
      TarHeader.Field field,
      long value,
      String key,
      SequencedMap<String, byte[]> extended) {
    boolean fits = value >= 0 && value <= field.largest();
    if (!fits) {
      extended.put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
    field.putNumber(block, fits ? value : 0);
  }
}
