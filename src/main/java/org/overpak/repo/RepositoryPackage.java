package org.overpak.repo;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.overpak.Digest;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;

/// A package that a repository offers.
///
/// @param metadata its files are only those that `primary.xml` lists ({@link
///   RepositoryMetadata#isListedInPrimary}), unless more were asked for
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

  /// The same package, whose metadata lists FILES too.
  RepositoryPackage withFiles(List<String> files) {
    if (files.isEmpty()) {
      return this;
    }
    Set<String> all = new LinkedHashSet<>(metadata.files());
    all.addAll(files);
    var more =
        new PackageMetadata(
            metadata.nevra(),
            metadata.sourceRpm(),
            metadata.relations(),
            List.copyOf(all),
            metadata.installedSize());
    return new RepositoryPackage(more, repository, href, digest, size, buildTime);
  }
}
