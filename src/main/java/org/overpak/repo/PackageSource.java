package org.overpak.repo;

import java.net.URI;
import java.util.List;
import org.overpak.Digest;
import org.overpak.rpm.Nevra;

/// Where a package file can be had and what it must be: from metadata ({@link
/// RepositoryMetadata#source}) or from a lockfile.
///
/// @param repository whose keys must have signed it, and whose credentials get it
/// @param urls tried in this order
/// @param size of the file in bytes
public record PackageSource(
    RepositoryConfig repository, Nevra nevra, List<URI> urls, Digest digest, long size) {
  public PackageSource {
    urls = List.copyOf(urls);
  }
}
