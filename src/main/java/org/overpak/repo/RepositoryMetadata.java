package org.overpak.repo;

import java.util.List;

/// What a repository says of itself and of its packages, verified against `repomd.xml`.
///
/// @param index `repomd.xml`
/// @param packages in the order of `primary.xml`, all architectures; a package that is listed twice
///   (same digest) is here once
public record RepositoryMetadata(
    RepositoryConfig config, RepositoryIndex index, List<RepositoryPackage> packages) {
  public RepositoryMetadata {
    packages = List.copyOf(packages);
  }

  /// Whether a file is listed in `primary.xml`: `/etc/…`, anything with `bin/`, and
  /// `/usr/lib/sendmail` (createrepo_c, `cr_is_primary`). Other paths are in the filelists only.
  public static boolean isListedInPrimary(String path) {
    return path.startsWith("/etc/") || path.contains("bin/") || path.equals("/usr/lib/sendmail");
  }
}
