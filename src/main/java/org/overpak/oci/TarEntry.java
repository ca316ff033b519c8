package org.overpak.oci;

import org.overpak.tree.Attributes;

/// One entry of a tar, its extended headers applied.
///
/// @param name as written, such as `./usr/bin/`; not checked
/// @param linkName target of a hard or symbolic link, else empty
/// @param offset where its content begins in the tar
/// @param major of a device, else 0
record TarEntry(
    Type type,
    String name,
    String linkName,
    Attributes attributes,
    long offset,
    long size,
    int major,
    int minor) {

  /// What an entry is.
  enum Type {
    REGULAR('0'),
    HARD_LINK('1'),
    SYMLINK('2'),
    CHARACTER_DEVICE('3'),
    BLOCK_DEVICE('4'),
    DIRECTORY('5'),
    FIFO('6');

    private final char flag;

    Type(char flag) {
      this.flag = flag;
    }

    byte flag() {
      return (byte) flag;
    }
  }
}
