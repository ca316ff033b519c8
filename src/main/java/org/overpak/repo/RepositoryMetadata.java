package org.overpak.repo;

import java.net.URI;
import java.util.List;

/// What a repository says of itself and of its packages, verified against `repomd.xml`.
///
/// @param index `repomd.xml`
/// @param baseUrls where its files are; the one that the metadata came from is first
/// @param packages in the order of `primary.xml`, all architectures; a package that is listed twice
///   (same digest) is here once
public record RepositoryMetadata(
    RepositoryConfig config, RepositoryIndex index, List<URI> baseUrls, PackageTable packages) {
  public RepositoryMetadata {
    baseUrls = List.copyOf(baseUrls);
  }

  /// Where the file of PKG, one of this repository's, can be had.
  public PackageSource source(RepositoryPackage pkg) {
    return new PackageSource(config, pkg.nevra(), urls(pkg.href()), pkg.digest(), pkg.size());
  }

  List<URI> urls(String href) {
    return urls(baseUrls, href);
  }

  static List<URI> urls(List<URI> baseUrls, String href) {
    return href.contains("://")
        ? List.of(URI.create(href))
        : baseUrls.stream().map(base -> Urls.below(base, href)).toList();
  }

  /// Whether a file is listed in `primary.xml`: `/etc/…`, anything with `bin/`, and
  /// `/usr/lib/sendmail` (createrepo_c, `cr_is_primary`). Other paths are in the filelists only.
  public static boolean isListedInPrimary(String path) {
    return path.startsWith("/etc/") || path.contains("bin/") || path.equals("/usr/lib/sendmail");
  }
}
