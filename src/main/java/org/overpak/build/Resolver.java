package org.overpak.build;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.Downloads;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.RepositoryMetadata;
import org.overpak.repo.RepositoryPackage;
import org.overpak.repo.Variables;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageIndex;
import org.overpak.solve.Architecture;
import org.overpak.solve.Exclusions;
import org.overpak.solve.FileOwners;
import org.overpak.solve.Request;
import org.overpak.solve.Resolution;
import org.overpak.solve.Solver;
import org.overpak.solve.Universe;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.PackageSpec;

/// Finds what an app adds to its runtime: repositories as one universe, what is in the runtime as facts, and the spec's packages as the request.
final class Resolver {
  private final ContainerSpec spec;
  private final RepositoryChoice repositories;
  private final Downloads downloads;
  private final Consumer<String> notes;

  /// @param notes hears of what is not wrong but worth a look
  Resolver(
      ContainerSpec spec,
      RepositoryChoice repositories,
      Downloads downloads,
      Consumer<String> notes) {
    this.spec = spec;
    this.repositories = repositories;
    this.downloads = downloads;
    this.notes = notes;
  }

  /// What was resolved, and over what.
  record Resolved(Selection selection, Universe universe, FileOwners fileOwners) {}

  /// @throws OverpakException (SPEC) if the spec is not for RUNTIME's architecture; (UNSOLVABLE)
  ///   with the explanation
  Resolved over(RuntimeImage runtime) {
    String arch = Architectures.rpm(runtime.ref().arch());
    if (!spec.platforms().includes(arch)) {
      throw new OverpakException(
          ExitCode.SPEC,
          "the spec's platforms leave out " + arch + ", for which the runtime is",
          "Give the runtime of another architecture, or change 'platforms'.");
    }
    List<RepositoryMetadata> opened =
        downloads.open(
            repositories.configs(Variables.of(arch, runtime.releasever()), notes), notes);
    Universe universe = universe(arch, runtime, opened);
    Map<String, RepositoryMetadata> byId = new HashMap<>();
    opened.forEach(one -> byId.put(one.config().id(), one));
    FileOwners owners =
        (id, paths) ->
            Optional.ofNullable(byId.get(id))
                .map(metadata -> downloads.owners(metadata, paths))
                .orElse(Map.of());
    var request = Request.of(
            spec.flatpak().packagesFor(arch).stream().map(PackageSpec::name).toList());
    return switch (Solver.solve(universe, request, owners)) {
      case Resolution.Solution(var added, var satisfied, _) -> {
        yield new Resolved(
            new Selection(added.stream().map(one -> added(one, byId)).toList(), satisfied),
            universe,
            owners);
      }
      case Resolution.Unsolvable(var explanation) ->
          throw new OverpakException(ExitCode.UNSOLVABLE, explanation.text(), explanation.advice());
    };
  }

  private Universe universe(String arch, RuntimeImage runtime, List<RepositoryMetadata> opened) {
    Universe.Builder universe =
        Universe.builder(Architecture.of(arch))
            .installed(
                PackageIndex.of(runtime.headers().stream().map(PackageHeader::metadata).toList()));
    for (RepositoryMetadata repository : opened) {
      RepositoryConfig.Selection selection = repository.config().selection();
      universe.repository(
          repository.config().id(),
          selection.priority(),
          selection.cost(),
          repository.packages(),
          Exclusions.of(repository.config().id(), selection.include(), selection.exclude()));
    }
    return universe.build();
  }

  private static Selection.Added added(Resolution.Added one, Map<String, RepositoryMetadata> byId) {
    RepositoryMetadata repository = Objects.requireNonNull(byId.get(one.solvable().repository()));
    RepositoryPackage metadata = repository.packages().get(one.solvable().position());
    return new Selection.Added(metadata, repository.source(metadata), one.reason());
  }
}
