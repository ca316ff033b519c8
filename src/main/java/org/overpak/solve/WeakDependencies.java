package org.overpak.solve;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.overpak.IntList;
import org.overpak.rpm.Dependency;

/// What could be added beside what must be: packages that added ones recommend, and packages that
/// supplement added ones (libsolv, `resolve_weak`). What only concerns the runtime is left alone.
final class WeakDependencies {
  private final Universe universe;
  private final Providers providers;
  private final ConjunctiveForm conjunctiveForm;
  private final Policy policy;
  private final Hints hints;
  private final Sat sat;

  WeakDependencies(Universe universe, Providers providers, Policy policy, Hints hints, Sat sat) {
    this.universe = universe;
    this.providers = providers;
    this.conjunctiveForm = ConjunctiveForm.open(universe, providers);
    this.policy = policy;
    this.hints = hints;
    this.sat = sat;
  }

  /// @param all undecided packages that are recommended or supplement something, the best of each
  ///   name
  /// @param supplementing those that supplement something, in the order in which they are to be
  ///   tried
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Candidates(int[] all, int[] supplementing) {}

  Candidates candidates() {
    int[] supplementing = supplementing();
    int[] found =
        Stream.concat(
                added()
                    .flatMap(id -> recommended(id).stream())
                    .map(this::choice)
                    .map(this::undecided),
                Stream.of(supplementing))
            .flatMapToInt(Arrays::stream)
            .distinct()
            .toArray();
    int[] all = found.length < 2 ? found : policy.best(found);
    return new Candidates(
        all,
        policy.reorder(
            Arrays.stream(supplementing)
                .filter(id -> Arrays.stream(all).anyMatch(other -> other == id))
                .toArray()));
  }

  private Stream<Integer> added() {
    return Arrays.stream(sat.trail().toArray()).filter(id -> id > 0).sorted().boxed();
  }

  /// What ID recommends.
  List<Dependency> recommended(int id) {
    return universe.metadata(id).relations().recommends();
  }

  /// The packages of which one would do; none where DEPENDENCY is met.
  private int[] choice(Dependency dependency) {
    if (Providers.isSetLike(dependency)) {
      int[] ids = providers.of(dependency);
      return Arrays.stream(ids).anyMatch(hints::isThere) ? new int[0] : ids;
    }
    var all = new IntList();
    for (int[] literals : conjunctiveForm.of(dependency)) {
      boolean isDue =
          Arrays.stream(literals).allMatch(l -> l < 0 ? hints.isThere(-l) : !hints.isThere(l));
      if (isDue) {
        all.addAll(Arrays.stream(literals).filter(literal -> literal > 0).toArray());
      }
    }
    return Arrays.stream(all.toArray()).distinct().toArray();
  }

  private int[] undecided(int[] ids) {
    return Arrays.stream(ids).filter(sat::isUndecided).toArray();
  }

  /// Those of ALL that would meet DEPENDENCY, if it is not met, and are undecided.
  int[] open(Dependency dependency, int[] all) {
    return Arrays.stream(undecided(choice(dependency)))
        .filter(id -> Arrays.stream(all).anyMatch(other -> other == id))
        .toArray();
  }

  private int[] supplementing() {
    return Arrays.stream(universe.supplementing())
        .filter(id -> !universe.isInstalled(id))
        .filter(universe::isEligible)
        .filter(sat::isUndecided)
        .filter(this::isNewlySupplementing)
        .filter(id -> !isThereForAnotherArchitecture(id))
        .toArray();
  }

  private boolean isNewlySupplementing(int id) {
    return universe.metadata(id).relations().supplements().stream()
        .anyMatch(dependency -> hints.met(dependency) == Hints.Met.NEWLY);
  }

  private boolean isThereForAnotherArchitecture(int id) {
    return Arrays.stream(universe.named(universe.nevra(id).name()))
        .anyMatch(
            other ->
                hints.isThere(other)
                    && !universe.nevra(other).arch().equals(universe.nevra(id).arch()));
  }
}
