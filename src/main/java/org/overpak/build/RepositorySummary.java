package org.overpak.build;

import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.flatpak.SummaryCache;
import org.overpak.gvariant.Variant;
import org.overpak.ostree.Commit;
import org.overpak.ostree.Summary;

/// The summary of a repository with Flatpaks.
final class RepositorySummary {
  private RepositorySummary() {}

  /// As new as its newest commit.
  ///
  /// @param commits by ref
  /// @param mode of the repository
  static byte[] of(SortedMap<String, Commit> commits, String mode) {
    SortedMap<String, SortedMap<String, Variant>> metadata = new TreeMap<>();
    commits.forEach((ref, commit) -> metadata.put(ref, commit.values()));
    long modified = commits.values().stream().mapToLong(Commit::timestamp).max().orElse(0);
    return Summary.of(commits, mode, modified, SummaryCache.of(metadata));
  }
}
