package org.overpak.tree;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a filesystem keeps of an entry besides its type and content.
///
/// @param mode permission bits with setuid, setgid and sticky: 0 to 07777, no type bits
/// @param modified seconds since 1970, UTC
/// @param xattrs extended attributes by name, values as bytes
public record Attributes(
    int mode, Owner owner, long modified, SortedMap<String, ExtendedAttribute> xattrs) {

  public Attributes {
    if ((mode & ~07777) != 0) {
      throw new IllegalArgumentException(
          "mode has other bits than 07777: " + Integer.toOctalString(mode));
    }
    xattrs =
        xattrs.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
  }

  /// MODE, owned by root, without extended attributes.
  public static Attributes of(int mode, long modified) {
    return new Attributes(mode, Owner.ROOT, modified, Collections.emptySortedMap());
  }

  public Attributes withMode(int newMode) {
    return new Attributes(newMode, owner, modified, xattrs);
  }

  public Attributes withModified(long newModified) {
    return new Attributes(mode, owner, newModified, xattrs);
  }
}
