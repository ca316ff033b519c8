package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;

/// All packages that a request can mean: those of the runtime, which are facts, and those that
/// repositories offer. Immutable, and indexed by what is provided.
///
/// Inside, a package is a number from 1: first the installed ones, then those of the repositories,
/// each in the order given. That order decides only between packages that are equal in all else.
public final class Universe {
  private final Architecture architecture;
  private final Map<String, Repository> repositories;
  private final Solvable[] solvables;
  private final int installedCount;
  private final @Nullable String[] exclusions;
  private final int[] architectureOrders;
  private final int[] replaced;
  private final Provides provides;

  /// @param priority 1 to 99, the lower the better: where a better one offers something, worse ones
  ///   are not looked at
  /// @param cost decides between equal packages of repositories of equal priority
  private record Repository(String id, int priority, int cost, Exclusions exclusions, int first) {}

  private Universe(Builder builder) {
    architecture = builder.architecture;
    repositories = Map.copyOf(builder.repositories);
    solvables = builder.solvables.toArray(Solvable[]::new);
    installedCount = builder.installedCount;
    exclusions = new String[solvables.length];
    architectureOrders = new int[solvables.length];
    for (int id = 1; id < solvables.length; id++) {
      Solvable solvable = solvables[id];
      if (!solvable.isInstalled()) {
        exclusions[id] =
            builder
                .repository(solvable.repository())
                .exclusions
                .reason(solvable.metadata())
                .orElse(null);
      }
      architectureOrders[id] = architecture.order(solvable.nevra().arch());
    }
    replaced = replaced();
    provides = Provides.of(solvables);
  }

  /// For each available package the installed one that it would replace, or 0.
  private int[] replaced() {
    Map<String, IntList> installed = new HashMap<>();
    for (int id = 1; id <= installedCount; id++) {
      installed.computeIfAbsent(nevra(id).name(), _ -> new IntList()).add(id);
    }
    int[] result = new int[solvables.length];
    for (int id = installedCount + 1; id < solvables.length; id++) {
      IntList namesakes = installed.get(nevra(id).name());
      for (int i = 0; namesakes != null && i < namesakes.size(); i++) {
        if (!Architecture.coexist(nevra(namesakes.get(i)).arch(), nevra(id).arch())) {
          result[id] = namesakes.get(i);
        }
      }
    }
    return result;
  }

  /// Starts a universe for TARGET, with nothing installed and no repository.
  public static Builder builder(Architecture target) {
    return new Builder(target);
  }

  public static final class Builder {
    private final Architecture architecture;
    private final Map<String, Repository> repositories = new LinkedHashMap<>();
    private final List<@Nullable Solvable> solvables = new ArrayList<>();
    private int installedCount;

    private Builder(Architecture architecture) {
      this.architecture = architecture;
      solvables.add(null);
    }

    /// The packages of the runtime: never upgraded, removed or reinstalled, whatever their
    /// architecture. `gpg-pubkey` entries are keys, not packages, and are passed over.
    ///
    /// @throws IllegalStateException if called twice or after {@link #repository}
    public Builder installed(List<PackageMetadata> packages) {
      if (solvables.size() > 1 || !repositories.isEmpty()) {
        throw new IllegalStateException("installed packages come first, and once");
      }
      for (int position = 0; position < packages.size(); position++) {
        if (!packages.get(position).nevra().name().equals("gpg-pubkey")) {
          solvables.add(new Solvable(packages.get(position), Solvable.INSTALLED, position));
        }
      }
      installedCount = solvables.size() - 1;
      return this;
    }

    /// The packages that a repository offers.
    ///
    /// @param priority as `priority=` in its configuration: 1 to 99, lower is better, 99 by default
    /// @param cost as `cost=` in its configuration: lower is better, 1000 by default
    /// @throws IllegalArgumentException if the id is taken or the priority out of range
    public Builder repository(
        String id, int priority, int cost, List<PackageMetadata> packages, Exclusions exclusions) {
      if (id.equals(Solvable.INSTALLED) || repositories.containsKey(id)) {
        throw new IllegalArgumentException("repository id is taken: " + id);
      }
      if (priority < 1 || priority > 99) {
        throw new IllegalArgumentException("priority is not in 1..99: " + priority);
      }
      repositories.put(id, new Repository(id, priority, cost, exclusions, solvables.size()));
      for (int position = 0; position < packages.size(); position++) {
        solvables.add(new Solvable(packages.get(position), id, position));
      }
      return this;
    }

    private Repository repository(String id) {
      Repository repository = repositories.get(id);
      if (repository == null) {
        throw new IllegalStateException("no repository " + id);
      }
      return repository;
    }

    public Universe build() {
      return new Universe(this);
    }
  }

  Architecture architecture() {
    return architecture;
  }

  /// One more than the highest number of a package.
  int limit() {
    return solvables.length;
  }

  Solvable solvable(int id) {
    return solvables[id];
  }

  List<Solvable> solvables(int[] ids) {
    return Arrays.stream(ids).mapToObj(this::solvable).toList();
  }

  Nevra nevra(int id) {
    return solvables[id].nevra();
  }

  PackageMetadata metadata(int id) {
    return solvables[id].metadata();
  }

  boolean isInstalled(int id) {
    return id <= installedCount;
  }

  int installedCount() {
    return installedCount;
  }

  /// Whether the package may be chosen, or is there already. One that would replace an installed
  /// package may not: so updates of the runtime are never looked at, nor what they would need.
  boolean isEligible(int id) {
    return isInstalled(id)
        || (exclusions[id] == null
            && architectureOrders[id] != Architecture.UNFIT
            && replaced[id] == 0);
  }

  /// The installed package of the same name that this one would replace.
  Optional<Solvable> replaced(int id) {
    return replaced[id] == 0 ? Optional.empty() : Optional.of(solvables[replaced[id]]);
  }

  Optional<String> exclusion(int id) {
    return Optional.ofNullable(exclusions[id]);
  }

  int architectureOrder(int id) {
    return architectureOrders[id];
  }

  /// The priority of an available package's repository.
  int priority(int id) {
    return repository(id).priority;
  }

  int cost(int id) {
    return repository(id).cost;
  }

  private Repository repository(int id) {
    Repository repository = repositories.get(solvables[id].repository());
    if (repository == null) {
      throw new IllegalStateException(solvables[id] + " is of no repository");
    }
    return repository;
  }

  /// The number of the package at POSITION of the repository.
  int id(String repository, int position) {
    Repository owner = repositories.get(repository);
    if (owner == null) {
      throw new IllegalArgumentException("no repository " + repository);
    }
    return owner.first + position;
  }

  List<String> repositoryIds() {
    return List.copyOf(new TreeSet<>(repositories.keySet()));
  }

  /// All packages with a provide that meets DEPENDENCY, eligible or not, ascending. Files count
  /// only where they are listed as provides: see {@link Providers}.
  int[] providing(Dependency.Simple dependency) {
    return provides.matching(dependency);
  }

  /// All packages called NAME, eligible or not, ascending.
  int[] named(String name) {
    return Arrays.stream(provides.matching(Dependency.named(name)))
        .filter(id -> nevra(id).name().equals(name))
        .toArray();
  }
}
