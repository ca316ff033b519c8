package org.overpak.rpm;

/// Where a header stands, which decides what is allowed in it (header.cc).
enum HeaderKind {
  /// In front of a package's header: digests and signatures.
  SIGNATURE(62, 32, 64 << 20),
  /// The header of a package file, which is one region and nothing else.
  PACKAGE(63, 65_535, 0x0fff_ffff),
  /// In the RPM database: a package's region, and what was added when it was installed.
  INSTALLED(63, 65_535, 0x0fff_ffff);

  private final int regionTag;
  private final int mostEntries;
  private final int mostData;

  HeaderKind(int regionTag, int mostEntries, int mostData) {
    this.regionTag = regionTag;
    this.mostEntries = mostEntries;
    this.mostData = mostData;
  }

  int regionTag() {
    return regionTag;
  }

  /// The bytes of index and data together, after the limits were checked: nothing is allocated for
  /// a header that says it is larger.
  int size(int entries, int dataSize, Origin origin) {
    if (entries < 1 || entries > mostEntries) {
      throw origin.malformed(
          "%s has %s entries, allowed are 1 to %d",
          this, Integer.toUnsignedString(entries), mostEntries);
    }
    if (dataSize < 0 || dataSize > mostData) {
      throw origin.malformed(
          "%s has %s bytes of data, allowed are %d",
          this, Integer.toUnsignedString(dataSize), mostData);
    }
    return entries * HeaderIndex.ENTRY + dataSize;
  }

  @Override
  public String toString() {
    return this == SIGNATURE ? "signature header" : "header";
  }
}
