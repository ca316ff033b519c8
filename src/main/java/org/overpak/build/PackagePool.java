package org.overpak.build;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.Downloads;
import org.overpak.repo.RepositoryMetadata;
import org.overpak.repo.RepositoryPackage;
import org.overpak.solve.FileOwners;
import org.overpak.solve.Request;
import org.overpak.solve.Resolution;
import org.overpak.solve.Solver;
import org.overpak.solve.Universe;

/// Packages to choose from, with what their repositories say of them. For one thread.
final class PackagePool {
  private final Universe universe;
  private final Map<String, RepositoryMetadata> repositories = new HashMap<>();
  private final LocalPackages files;
  private final Downloads downloads;

  /// @param opened the repositories in UNIVERSE
  /// @param files what else is in it
  PackagePool(
      Universe universe,
      List<RepositoryMetadata> opened,
      LocalPackages files,
      Downloads downloads) {
    this.universe = universe;
    this.files = files;
    this.downloads = downloads;
    opened.forEach(one -> repositories.put(one.config().id(), one));
  }

  Universe universe() {
    return universe;
  }

  FileOwners owners() {
    return (id, paths) ->
        Optional.ofNullable(repositories.get(id))
            .map(metadata -> downloads.owners(metadata, paths))
            .orElse(Map.of());
  }

  /// What must be added for REQUEST.
  ///
  /// @param notes hears of members of groups that there are not
  /// @throws OverpakException (UNSOLVABLE) with the explanation
  Selection solve(Request request, Consumer<String> notes) {
    return switch (Solver.solve(universe, request, owners())) {
      case Resolution.Solution(var added, var satisfied, var missing) -> {
        missing.forEach(
            one -> notes.accept("no package is called " + one.name() + ", of " + one.spec()));
        yield new Selection(added.stream().map(this::added).toList(), satisfied);
      }
      case Resolution.Unsolvable(var explanation) ->
          throw new OverpakException(ExitCode.UNSOLVABLE, explanation.text(), explanation.advice());
    };
  }

  private Selection.Added added(Resolution.Added one) {
    RepositoryMetadata repository = repositories.get(one.solvable().repository());
    if (repository == null) {
      return files.added(one.solvable().position(), one.reason());
    }
    RepositoryPackage metadata = repository.packages().get(one.solvable().position());
    return new Selection.Added(metadata, repository.source(metadata), one.reason());
  }

  /// All files of those of PACKAGES that are of repositories.
  Map<RepositoryPackage, List<String>> files(Set<RepositoryPackage> packages) {
    Map<RepositoryPackage, List<String>> result = new HashMap<>();
    for (RepositoryMetadata repository : repositories.values()) {
      List<RepositoryPackage> own =
          packages.stream()
              .filter(one -> one.repository().equals(repository.config().id()))
              .toList();
      result.putAll(downloads.files(repository, own));
    }
    return result;
  }
}
