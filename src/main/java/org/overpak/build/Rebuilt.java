package org.overpak.build;

import java.nio.file.Path;
import java.util.List;

/// Packages that were built for `/app`.
///
/// @param directory the repository that has them
/// @param configuration a `.repo` file for it
/// @param sources in the order of building
/// @param notes what is not wrong but worth a look
public record Rebuilt(
    Path directory, Path configuration, List<Source> sources, List<String> notes) {
  public Rebuilt {
    sources = List.copyOf(sources);
    notes = List.copyOf(notes);
  }

  /// What a source package gave.
  ///
  /// @param name {@link RebuildPlan.Source#name}
  /// @param reused whether it was built before, from the same inputs
  /// @param log what was said when it was built
  public record Source(String name, List<Path> packages, boolean reused, Path log) {
    public Source {
      packages = List.copyOf(packages);
    }
  }
}
