package org.overpak.solve;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// Answers who owns files that a repository's primary metadata does not list.
///
/// Asked at most a few times per solve, each time for all paths that are needed by then, and only
/// for such that nothing known provides; so filelists are loaded only where they matter.
@FunctionalInterface
public interface FileOwners {
  FileOwners NONE = (_, _) -> Map.of();

  /// For each of PATHS that packages of the repository own: their {@link Solvable#position}s.
  Map<String, List<Integer>> ownersIn(String repository, Set<String> paths);
}
