package org.overpak.ostree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.SortedMap;
import org.overpak.Digest;
import org.overpak.gvariant.Variant;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.Owner;

/// What of a file or symbolic link is hashed before its content, and written before it in archive
/// repositories: owner, type, mode, target, extended attributes. Times are no part of an object.
///
/// @param mode with type bits
/// @param target of a symbolic link, else empty
record FileHeader(
    int mode, Owner owner, String target, SortedMap<String, ExtendedAttribute> xattrs) {
  static final int TYPE = 0170000;
  static final int REGULAR = 0100000;
  static final int SYMLINK = 0120000;
  static final int DIRECTORY = 0040000;

  /// Header and its length, so that it starts at a multiple of 8
  /// (`ostree-core.c:variant_to_lenprefixed_buffer`).
  private static final int PREFIX = 8;

  /// Far beyond what Linux lets extended attributes of one file be.
  private static final int LARGEST = 1 << 20;

  private static final String ARCHIVED = "(tuuuusa(ayay))";

  static FileHeader of(Entry.RegularFile file) {
    return of(REGULAR, file.attributes(), "");
  }

  static FileHeader of(Entry.Symlink link) {
    return of(SYMLINK, link.attributes(), link.target());
  }

  private static FileHeader of(int type, Attributes attributes, String target) {
    return new FileHeader(
        type | attributes.mode(), attributes.owner(), target, attributes.xattrs());
  }

  boolean isSymlink() {
    return (mode & TYPE) == SYMLINK;
  }

  Attributes attributes(long modified) {
    return new Attributes(mode & ~TYPE, owner, modified, xattrs);
  }

  /// The id of a symbolic link, which has no content.
  Digest id() {
    return Digest.finish(Digest.Algorithm.SHA256, begin());
  }

  /// The id of a file with the bytes of CONTENT.
  Digest id(InputStream content, byte[] buffer) throws IOException {
    MessageDigest digest = begin();
    for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
      digest.update(buffer, 0, count);
    }
    return Digest.finish(Digest.Algorithm.SHA256, digest);
  }

  private MessageDigest begin() {
    MessageDigest digest = Digest.Algorithm.SHA256.start();
    digest.update(
        prefixed(
            Variant.tuple(
                Variant.UInt32.bigEndian(owner.uid()),
                Variant.UInt32.bigEndian(owner.gid()),
                Variant.UInt32.bigEndian(mode),
                Variant.UInt32.bigEndian(0), // no devices
                Variant.string(target),
                Xattrs.variant(xattrs))));
    return digest;
  }

  /// What stands before the deflated content in an archive repository.
  ///
  /// @param size of the content, in bytes
  byte[] archived(long size) {
    return prefixed(
        Variant.tuple(
            Variant.UInt64.bigEndian(size),
            Variant.UInt32.bigEndian(owner.uid()),
            Variant.UInt32.bigEndian(owner.gid()),
            Variant.UInt32.bigEndian(mode),
            Variant.UInt32.bigEndian(0),
            Variant.string(target),
            Xattrs.variant(xattrs)));
  }

  private static byte[] prefixed(Variant header) {
    byte[] bytes = header.serialize();
    return ByteBuffer.allocate(PREFIX + bytes.length)
        .putInt(bytes.length)
        .putInt(0)
        .put(bytes)
        .array();
  }

  /// A header as it was read from an archive repository.
  ///
  /// @param size of the content, decompressed
  /// @param length of the header itself, prefix included
  record Archived(FileHeader header, long size, int length) {}

  /// @param object a `.filez`, left after its header
  /// @throws IOException if it ends early, or its header is larger than extended attributes can be
  static Archived readArchived(InputStream object) throws IOException {
    byte[] prefix = object.readNBytes(PREFIX);
    int length = prefix.length < PREFIX ? -1 : ByteBuffer.wrap(prefix).getInt();
    if (length < 0 || length > LARGEST) {
      throw new IOException("its header is not one of an archived file");
    }
    byte[] bytes = object.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("it ends inside its header");
    }
    var tuple = (Variant.Tuple) Variant.read(ARCHIVED, bytes);
    List<Variant> members = tuple.members();
    var header =
        new FileHeader(
            bigEndian(members.get(3)),
            new Owner(bigEndian(members.get(1)), bigEndian(members.get(2))),
            ((Variant.Text) members.get(5)).value(),
            Xattrs.of((Variant.Array) members.get(6)));
    long size = ((Variant.UInt64) members.getFirst()).swapped();
    if (size < 0) {
      throw new IOException("its size is beyond 63 bits");
    }
    return new Archived(header, size, PREFIX + length);
  }

  static int bigEndian(Variant value) {
    return ((Variant.UInt32) value).swapped();
  }
}
