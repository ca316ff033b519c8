package org.overpak.solve;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.overpak.rpm.Dependency;

/// Who meets a dependency, for one solve: eligible packages, ascending, remembered; and the owners
/// of files, which are looked for only once they are asked about.
///
/// Primary metadata lists a file only if its path starts with `/etc/`, contains `bin/`, or is
/// `/usr/lib/sendmail` (createrepo_c, `cr_is_primary`). Any other path that nothing known provides
/// is asked of {@link FileOwners}.
final class Providers {
  private final Universe universe;
  private final FileOwners fileOwners;
  private final Map<Dependency, int[]> known = new HashMap<>();
  private final Map<String, int[]> owners = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  /// The paths noted, and whether a package needs them.
  private final Map<String, Boolean> unresolved = new TreeMap<>();

  Providers(Universe universe, FileOwners fileOwners) {
    this.universe = universe;
    this.fileOwners = fileOwners;
  }

  /// The eligible packages of which each alone meets DEPENDENCY.
  ///
  /// @throws IllegalArgumentException if no single package can: see {@link #isSetLike}
  int[] of(Dependency dependency) {
    int[] result = known.get(dependency);
    if (result == null) {
      result = Arrays.stream(ofAny(dependency)).filter(universe::isEligible).toArray();
      known.put(dependency, result);
    }
    return result;
  }

  /// The same, with packages that are excluded or of another architecture.
  int[] ofAny(Dependency dependency) {
    return switch (dependency) {
      case Dependency.Simple simple ->
          simple.name().startsWith("/")
              ? union(universe.providing(simple), owners.getOrDefault(simple.name(), new int[0]))
              : universe.providing(simple);
      case Dependency.Joined(var connective, var operands) ->
          switch (connective) {
            case OR -> operands.stream().map(this::ofAny).reduce(new int[0], Providers::union);
            case WITH -> common(operands);
            case WITHOUT -> without(ofAny(operands.get(0)), ofAny(operands.get(1)));
            case AND, IF, UNLESS -> throw notOfOne(dependency);
          };
      case Dependency.Conditional _ -> throw notOfOne(dependency);
    };
  }

  /// Whether a dependency is met by one package of a set: only `or`, `with` and `without`.
  static boolean isSetLike(Dependency dependency) {
    return switch (dependency) {
      case Dependency.Simple _ -> true;
      case Dependency.Joined(var connective, var operands) ->
          switch (connective) {
            case OR, WITH, WITHOUT -> operands.stream().allMatch(Providers::isSetLike);
            case AND, IF, UNLESS -> false;
          };
      case Dependency.Conditional _ -> false;
    };
  }

  private static IllegalArgumentException notOfOne(Dependency dependency) {
    return new IllegalArgumentException("no single package can meet " + dependency);
  }

  /// Notes the paths that DEPENDENCY is about; their owners are known after {@link #findFiles}.
  ///
  /// @return whether there was any whose owners are not known yet
  boolean noteFiles(Dependency dependency) {
    return noteFiles(dependency, true);
  }

  /// The same for a weak dependency, which is not worth asking {@link FileOwners}.
  boolean noteHintedFiles(Dependency dependency) {
    return noteFiles(dependency, false);
  }

  private boolean noteFiles(Dependency dependency, boolean needed) {
    return switch (dependency) {
      case Dependency.Simple(var path, _, _) -> {
        boolean isUnknown =
            path.startsWith("/") && !(needed ? asked.contains(path) : owners.containsKey(path));
        if (isUnknown) {
          unresolved.merge(path, needed, Boolean::logicalOr);
        }
        yield isUnknown;
      }
      case Dependency.Joined joined -> noteFiles(joined.operands(), needed);
      case Dependency.Conditional(_, var then, var condition, var otherwise) ->
          noteFiles(List.of(then, condition, otherwise), needed);
    };
  }

  private boolean noteFiles(List<Dependency> dependencies, boolean needed) {
    boolean any = false;
    for (Dependency dependency : dependencies) {
      any |= noteFiles(dependency, needed);
    }
    return any;
  }

  /// Finds the owners of all paths noted so far.
  void findFiles() {
    if (unresolved.isEmpty()) {
      return;
    }
    Set<String> unknown = new TreeSet<>();
    unresolved.forEach(
        (path, needed) -> {
          int[] ids = universe.owning(path);
          owners.put(path, ids);
          if (needed) {
            asked.add(path);
          }
          if (needed && ids.length == 0 && !isPrimary(path) && !isProvided(path)) {
            unknown.add(path);
          }
        });
    unresolved.clear();
    known.clear();
    if (!unknown.isEmpty()) {
      askFor(unknown);
    }
  }

  private boolean isProvided(String path) {
    return universe.providing(Dependency.named(path)).length > 0;
  }

  private void askFor(Set<String> paths) {
    for (String repository : universe.repositoryIds()) {
      fileOwners
          .ownersIn(repository, paths)
          .forEach(
              (path, positions) ->
                  owners.merge(
                      path,
                      positions.stream()
                          .mapToInt(position -> universe.id(repository, position))
                          .sorted()
                          .toArray(),
                      Providers::union));
    }
  }

  static boolean isPrimary(String path) {
    return path.startsWith("/etc/") || path.contains("bin/") || path.equals("/usr/lib/sendmail");
  }

  private int[] common(List<Dependency> dependencies) {
    return dependencies.stream()
        .map(this::ofAny)
        .reduce((a, b) -> Arrays.stream(a).filter(id -> contains(b, id)).toArray())
        .orElseThrow();
  }

  private static int[] without(int[] all, int[] removed) {
    return Arrays.stream(all).filter(id -> !contains(removed, id)).toArray();
  }

  private static int[] union(int[] a, int[] b) {
    if (a.length == 0) {
      return b;
    }
    if (b.length == 0) {
      return a;
    }
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return Arrays.stream(both).sorted().distinct().toArray();
  }

  static boolean contains(int[] sorted, int id) {
    return Arrays.binarySearch(sorted, id) >= 0;
  }
}
