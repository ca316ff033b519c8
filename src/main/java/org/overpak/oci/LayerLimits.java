package org.overpak.oci;

/// How much a layer may make us hold or do, against archives built to exhaust.
///
/// @param bytes most decompressed bytes of one layer; they are never stored, so this bounds time
/// @param entries most entries of one layer, each of which is held in memory
/// @param inMemory most bytes of content kept in memory
record LayerLimits(long bytes, int entries, long inMemory) {
  // The largest SDKs have about 10 GiB and 250,000 files; an RPM database of theirs 100 MiB.
  static final LayerLimits DEFAULT = new LayerLimits(64L << 30, 2_000_000, 1L << 30);
}
