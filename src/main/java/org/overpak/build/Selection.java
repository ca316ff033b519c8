package org.overpak.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.Downloads;
import org.overpak.repo.PackageSource;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.RepositoryMetadata;
import org.overpak.repo.RepositoryPackage;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageMetadata;
import org.overpak.solve.Architecture;
import org.overpak.solve.Exclusions;
import org.overpak.solve.FileOwners;
import org.overpak.solve.Request;
import org.overpak.solve.Resolution;
import org.overpak.solve.Solver;
import org.overpak.solve.Universe;

/// Which packages a build adds, and why.
///
/// @param added sorted by name, then version
/// @param satisfied specs that the runtime met by itself
public record Selection(List<Added> added, List<Resolution.Satisfied> satisfied) {
  public Selection {
    added = List.copyOf(added);
    satisfied = List.copyOf(satisfied);
  }

  /// A package to add.
  public record Added(RepositoryPackage metadata, PackageSource source, Resolution.Reason reason) {
    public Nevra nevra() {
      return metadata.nevra();
    }
  }

  /// Resolves SPECS over INSTALLED, which stays as it is.
  ///
  /// @throws OverpakException (UNSOLVABLE) with the explanation
  static Selection of(
      String arch,
      List<PackageHeader> installed,
      List<RepositoryMetadata> repositories,
      List<String> specs,
      Downloads downloads) {
    Universe.Builder universe =
        Universe.builder(Architecture.of(arch))
            .installed(installed.stream().map(PackageHeader::metadata).toList());
    Map<String, RepositoryMetadata> byId = new HashMap<>();
    for (RepositoryMetadata repository : repositories) {
      RepositoryConfig config = repository.config();
      byId.put(config.id(), repository);
      universe.repository(
          config.id(),
          config.selection().priority(),
          config.selection().cost(),
          metadata(repository),
          Exclusions.of(config.id(), config.selection().include(), config.selection().exclude()));
    }
    FileOwners owners =
        (id, paths) -> owners(downloads.withFiles(repository(byId, id), paths), paths);
    return switch (Solver.solve(universe.build(), Request.of(specs), owners)) {
      case Resolution.Solution(var added, var satisfied) ->
          new Selection(added.stream().map(one -> added(one, byId)).toList(), satisfied);
      case Resolution.Unsolvable(var explanation) ->
          throw new OverpakException(
              ExitCode.UNSOLVABLE,
              explanation.text(),
              "Correct 'packages' in the spec, or add the repository that has what is missing"
                  + " (--repo).");
    };
  }

  private static RepositoryMetadata repository(Map<String, RepositoryMetadata> byId, String id) {
    RepositoryMetadata result = byId.get(id);
    if (result == null) {
      throw new IllegalArgumentException("no repository " + id);
    }
    return result;
  }

  private static Added added(Resolution.Added one, Map<String, RepositoryMetadata> byId) {
    RepositoryMetadata repository = repository(byId, one.solvable().repository());
    RepositoryPackage metadata = repository.packages().get(one.solvable().position());
    return new Added(metadata, repository.source(metadata), one.reason());
  }

  private static List<PackageMetadata> metadata(RepositoryMetadata repository) {
    return repository.packages().stream().map(RepositoryPackage::metadata).toList();
  }

  private static Map<String, List<Integer>> owners(
      RepositoryMetadata repository, Set<String> paths) {
    Map<String, List<Integer>> result = new HashMap<>();
    for (int position = 0; position < repository.packages().size(); position++) {
      for (String file : repository.packages().get(position).metadata().files()) {
        if (paths.contains(file)) {
          result.computeIfAbsent(file, _ -> new ArrayList<>()).add(position);
        }
      }
    }
    return result;
  }

  /// Why PACKAGE is added, from the spec down to it, one clause for each step.
  public List<String> chain(Nevra nevra) {
    List<String> steps = new ArrayList<>();
    Nevra at = nevra;
    // Each reason leads to a package that was wanted before; the bound is for a wrong one.
    for (int step = 0; step <= added.size(); step++) {
      Nevra current = at;
      Resolution.Reason reason =
          added.stream()
              .filter(one -> one.nevra().equals(current))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException(current + " is not added"))
              .reason();
      switch (reason) {
        case Resolution.Reason.RequestedBy(var spec) -> {
          steps.add("the spec asks for " + spec);
          Collections.reverse(steps);
          return steps;
        }
        case Resolution.Reason.RequiredBy(var dependent, var dependency) -> {
          steps.add(dependent + " requires " + dependency);
          if (dependent.isInstalled()) {
            Collections.reverse(steps);
            return steps;
          }
          at = dependent.nevra();
        }
        case Resolution.Reason.AvoidsConflictOf(var source, var conflict) -> {
          steps.add(source + " would conflict with " + conflict + " without it");
          if (source.isInstalled()) {
            Collections.reverse(steps);
            return steps;
          }
          at = source.nevra();
        }
      }
    }
    throw new IllegalStateException("the reasons for " + nevra + " go in a circle");
  }
}
