package org.overpak.rpm;

import java.util.List;

/// What resolving needs to know of a package, wherever it was read: a package file, the RPM
/// database, or repository metadata.
///
/// @param sourceRpm file name of the source package it was built from; empty where not known
/// @param files absolute paths that it owns. Repository metadata lists only some of them unless its
///   filelists are read too
/// @param installedSize sum of its files, in bytes
public record PackageMetadata(
    Nevra nevra, String sourceRpm, Relations relations, List<String> files, long installedSize) {
  public PackageMetadata {
    files = List.copyOf(files);
  }
}
