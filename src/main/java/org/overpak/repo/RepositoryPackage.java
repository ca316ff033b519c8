package org.overpak.repo;

import org.overpak.Digest;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;

/// A package that a repository offers.
///
/// @param metadata its files are only those that `primary.xml` lists ({@link
///   RepositoryMetadata#isListedInPrimary})
/// @param repository id of the repository
/// @param href relative to the repository's base URLs, without `..`; a whole URL where the metadata
///   names another server
/// @param digest of the package file; strong
/// @param size of the package file, in bytes
/// @param buildTime when it was built, in seconds since 1970
public record RepositoryPackage(
    PackageMetadata metadata,
    String repository,
    String href,
    Digest digest,
    long size,
    long buildTime) {
  public Nevra nevra() {
    return metadata.nevra();
  }
}
