package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.overpak.IntList;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;

/// All packages that a request can mean: those of the runtime, which are facts, and those that
/// repositories offer. Of a package nothing is read before it is asked for, so that what a request
/// does not lead to costs nothing.
///
/// Inside, a package is a number from 1: first the installed ones, then those of the repositories,
/// each in the order given. That order decides only between packages that are equal in all else.
///
/// For one thread.
public final class Universe {
  private final Architecture architecture;
  private final List<Repository> repositories;
  private final int limit;
  private final int installedCount;
  private final boolean isScanned;
  private final @Nullable Solvable[] solvables;
  private final byte[] eligible;
  private final Map<String, int[]> byName = new HashMap<>();
  private @Nullable BitSet obsoletingInstalled;

  /// @param first the number of its first package
  /// @param priority 1 to 99, the lower the better: where a better one offers something, worse ones
  ///   are not looked at
  /// @param cost decides between equal packages of repositories of equal priority
  private record Repository(
      String id, int first, PackageIndex packages, int priority, int cost, Exclusions exclusions) {
    int limit() {
      return first + packages.size();
    }
  }

  private Universe(Builder builder) {
    architecture = builder.architecture;
    repositories = List.copyOf(builder.repositories);
    limit = repositories.isEmpty() ? 1 : repositories.getLast().limit();
    installedCount = builder.installedCount;
    isScanned = builder.isScanned;
    solvables = new Solvable[limit];
    eligible = new byte[limit];
  }

  /// Starts a universe for TARGET, with nothing installed and no repository.
  public static Builder builder(Architecture target) {
    return new Builder(target);
  }

  public static final class Builder {
    private final Architecture architecture;
    private final List<Repository> repositories = new ArrayList<>();
    private int installedCount;
    private boolean isScanned;

    private Builder(Architecture architecture) {
      this.architecture = architecture;
    }

    /// The packages of the runtime: never upgraded, removed or reinstalled, whatever their
    /// architecture. `gpg-pubkey` entries are keys, not packages, and nothing looks for them.
    ///
    /// @throws IllegalStateException if called twice or after {@link #repository}
    public Builder installed(PackageIndex packages) {
      if (!repositories.isEmpty()) {
        throw new IllegalStateException("installed packages come first, and once");
      }
      repositories.add(new Repository(Solvable.INSTALLED, 1, packages, 0, 0, Exclusions.NONE));
      installedCount = packages.size();
      return this;
    }

    /// Says that what is installed is only known from files, for explanations.
    public Builder scanned() {
      isScanned = true;
      return this;
    }

    /// The packages that a repository offers.
    ///
    /// @param priority as `priority=` in its configuration: 1 to 99, lower is better, 99 by default
    /// @param cost as `cost=` in its configuration: lower is better, 1000 by default
    /// @throws IllegalArgumentException if the id is taken or the priority out of range
    public Builder repository(
        String id, int priority, int cost, PackageIndex packages, Exclusions exclusions) {
      if (id.equals(Solvable.INSTALLED) || repositories.stream().anyMatch(r -> r.id.equals(id))) {
        throw new IllegalArgumentException("repository id is taken: " + id);
      }
      if (priority < 1 || priority > 99) {
        throw new IllegalArgumentException("priority is not in 1..99: " + priority);
      }
      int first = repositories.isEmpty() ? 1 : repositories.getLast().limit();
      repositories.add(new Repository(id, first, packages, priority, cost, exclusions));
      return this;
    }

    /// The same, of a repository that nothing is configured of.
    public Builder repository(String id, PackageIndex packages, Exclusions exclusions) {
      return repository(id, 99, 1000, packages, exclusions);
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
    return limit;
  }

  Solvable solvable(int id) {
    Solvable known = solvables[id];
    if (known == null) {
      Repository repository = repository(id);
      int position = id - repository.first;
      known = new Solvable(repository.packages.metadata(position), repository.id, position);
      solvables[id] = known;
    }
    return known;
  }

  List<Solvable> solvables(int[] ids) {
    return Arrays.stream(ids).mapToObj(this::solvable).toList();
  }

  Nevra nevra(int id) {
    Solvable known = solvables[id];
    if (known != null) {
      return known.nevra();
    }
    Repository repository = repository(id);
    return repository.packages.nevra(id - repository.first);
  }

  PackageMetadata metadata(int id) {
    return solvable(id).metadata();
  }

  boolean isInstalled(int id) {
    return id <= installedCount;
  }

  int installedCount() {
    return installedCount;
  }

  /// Whether what is installed is only known from files.
  boolean isScanned() {
    return isScanned;
  }

  private static final byte ELIGIBLE = 1;
  private static final byte NOT_ELIGIBLE = 2;

  /// Whether the package may be chosen, or is there already. One that would replace or obsolete an
  /// installed package may not: so updates of the runtime are never looked at, nor what they would
  /// need.
  boolean isEligible(int id) {
    if (isInstalled(id)) {
      return true;
    }
    if (eligible[id] == 0) {
      boolean result =
          architectureOrder(id) != Architecture.UNFIT
              && exclusion(id).isEmpty()
              && replaced(id).isEmpty()
              && obsoleted(id).isEmpty();
      eligible[id] = result ? ELIGIBLE : NOT_ELIGIBLE;
    }
    return eligible[id] == ELIGIBLE;
  }

  /// The installed package of the same name that this one would replace.
  Optional<Solvable> replaced(int id) {
    Nevra nevra = nevra(id);
    return Arrays.stream(named(nevra.name()))
        .filter(this::isInstalled)
        .filter(installed -> !Architecture.coexist(nevra(installed).arch(), nevra.arch()))
        .mapToObj(this::solvable)
        .findFirst();
  }

  /// An installed package that this one would remove, since it obsoletes it.
  Optional<Solvable> obsoleted(int id) {
    if (isInstalled(id) || !obsoletingInstalled().get(id)) {
      return Optional.empty();
    }
    for (Dependency dependency : metadata(id).relations().obsoletes()) {
      if (dependency instanceof Dependency.Simple simple) {
        for (int other : named(simple.name())) {
          if (isInstalled(other) && simple.satisfiedBy(nevra(other).asProvide())) {
            return Optional.of(solvable(other));
          }
        }
      }
    }
    return Optional.empty();
  }

  /// The packages that obsolete some version of something installed: few, and found by name.
  private BitSet obsoletingInstalled() {
    BitSet found = obsoletingInstalled;
    if (found == null) {
      found = new BitSet(limit);
      for (int installed = 1; installed <= installedCount; installed++) {
        for (int id : obsoleting(nevra(installed).name())) {
          found.set(id);
        }
      }
      obsoletingInstalled = found;
    }
    return found;
  }

  Optional<String> exclusion(int id) {
    return isInstalled(id) ? Optional.empty() : repository(id).exclusions.reason(nevra(id));
  }

  int architectureOrder(int id) {
    return architecture.order(nevra(id).arch());
  }

  /// The priority of an available package's repository.
  int priority(int id) {
    return repository(id).priority;
  }

  int cost(int id) {
    return repository(id).cost;
  }

  private Repository repository(int id) {
    for (Repository repository : repositories) {
      if (id < repository.limit()) {
        return repository;
      }
    }
    throw new IndexOutOfBoundsException("no package " + id);
  }

  /// The number of the package at POSITION of the repository.
  int id(String repository, int position) {
    return repositories.stream()
            .filter(one -> one.id.equals(repository))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no repository " + repository))
            .first
        + position;
  }

  /// Without that of the installed packages.
  List<String> repositoryIds() {
    return List.copyOf(
        new TreeSet<>(
            repositories.stream()
                .map(Repository::id)
                .filter(id -> !id.equals(Solvable.INSTALLED))
                .toList()));
  }

  /// All packages with a provide that meets DEPENDENCY, eligible or not, ascending. Files count
  /// only where they are listed as provides: see {@link Providers}.
  int[] providing(Dependency.Simple dependency) {
    return inAll(packages -> packages.providing(dependency));
  }

  /// All packages called NAME, eligible or not, ascending.
  int[] named(String name) {
    return byName.computeIfAbsent(name, _ -> inAll(packages -> packages.named(name)));
  }

  /// All packages that obsolete some version of NAME, eligible or not, ascending.
  int[] obsoleting(String name) {
    return inAll(packages -> packages.obsoleting(name));
  }

  /// All packages that list PATH among their files, eligible or not, ascending.
  int[] owning(String path) {
    return inAll(packages -> packages.owning(path));
  }

  /// All packages that supplement something, eligible or not, ascending.
  int[] supplementing() {
    return inAll(PackageIndex::supplementing);
  }

  private int[] inAll(Function<PackageIndex, int[]> search) {
    var found = new IntList();
    for (Repository repository : repositories) {
      for (int position : search.apply(repository.packages)) {
        found.add(repository.first + position);
      }
    }
    return found.toArray();
  }

  /// The distinct names of all packages, in the order of their packages.
  Stream<String> names() {
    return repositories.stream()
        .flatMap(repository -> repository.packages.names().stream())
        .distinct();
  }
}
