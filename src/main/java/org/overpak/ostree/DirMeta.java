package org.overpak.ostree;

import java.util.List;
import org.overpak.gvariant.Variant;
import org.overpak.tree.Attributes;
import org.overpak.tree.Owner;

/// A directory's own attributes: `(uuua(ayay))`.
final class DirMeta {
  private static final String TYPE = "(uuua(ayay))";

  private DirMeta() {}

  static byte[] serialize(Attributes attributes) {
    return Variant.tuple(
            Variant.UInt32.bigEndian(attributes.owner().uid()),
            Variant.UInt32.bigEndian(attributes.owner().gid()),
            Variant.UInt32.bigEndian(FileHeader.DIRECTORY | attributes.mode()),
            Xattrs.variant(attributes.xattrs()))
        .serialize();
  }

  /// @throws IllegalArgumentException if the mode is not one of a directory
  static Attributes read(byte[] bytes, long modified) {
    List<Variant> members = ((Variant.Tuple) Variant.read(TYPE, bytes)).members();
    int mode = FileHeader.bigEndian(members.get(2));
    if ((mode & FileHeader.TYPE) != FileHeader.DIRECTORY) {
      throw new IllegalArgumentException(
          "its mode is not one of a directory: " + Integer.toOctalString(mode));
    }
    return new Attributes(
        mode & ~FileHeader.TYPE,
        new Owner(FileHeader.bigEndian(members.get(0)), FileHeader.bigEndian(members.get(1))),
        modified,
        Xattrs.of((Variant.Array) members.get(3)));
  }
}
