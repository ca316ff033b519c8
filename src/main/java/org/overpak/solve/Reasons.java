package org.overpak.solve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.overpak.rpm.Dependency;
import org.overpak.solve.Resolution.Reason;

/// Finds for each chosen package why it is there: a walk from the request along what each package
/// requires, breadth first, so that the chain told is a shortest one.
final class Reasons {
  private final Universe universe;
  private final Providers providers;
  private final Sat sat;
  private final Map<Integer, Reason> reasons = new LinkedHashMap<>();
  private final Deque<Integer> open = new ArrayDeque<>();
  private final Map<Integer, List<Clause>> bySource = new HashMap<>();

  private Reasons(Universe universe, Providers providers, Sat sat) {
    this.universe = universe;
    this.providers = providers;
    this.sat = sat;
  }

  /// Every package that SAT holds to be there, in the order of the walk.
  static Map<Integer, Reason> of(Universe universe, Providers providers, Rules rules, Sat sat) {
    var search = new Reasons(universe, providers, sat);
    rules.ofJobs().forEach(search::noteJob);
    rules.aboutPackages().forEach(search::index);
    rules.ofArchitecture().forEach(search::index);
    search.walk();
    return search.reasons;
  }

  private void noteJob(Clause clause) {
    if (clause.cause instanceof Cause.Requested(var job)) {
      note(clause, new Reason.RequestedBy(job.spec()));
    }
  }

  private void index(Clause clause) {
    int source =
        switch (clause.cause) {
          case Cause.Requires(var dependent, _) -> dependent;
          case Cause.Conflicts(var conflicting, _, _) -> conflicting;
          case Cause.InferiorArchitecture(var inferior) -> inferior;
          case Cause.Requested _,
              Cause.Best _,
              Cause.Obsoletes _,
              Cause.SameName _,
              Cause.Learnt _ ->
              0;
        };
    bySource.computeIfAbsent(source, _ -> new ArrayList<>()).add(clause);
  }

  private void walk() {
    for (int installed = 1; installed <= universe.installedCount(); installed++) {
      open.add(installed);
    }
    walkOpen();
    // In the order of decisions, so that what a recommended package needs is needed by it.
    for (int i = 0; i < sat.trail().size(); i++) {
      int id = sat.trail().get(i);
      if (id > 0 && !reasons.containsKey(id)) {
        reasons.put(id, weakReason(id));
        open.add(id);
        walkOpen();
      }
    }
  }

  private void walkOpen() {
    while (!open.isEmpty()) {
      for (Clause clause : bySource.getOrDefault(open.remove(), List.of())) {
        if (Arrays.stream(clause.literals).allMatch(l -> l > 0 || sat.isTrue(-l))) {
          note(clause, reason(clause.cause));
        }
      }
    }
  }

  private Reason weakReason(int id) {
    for (int dependent : List.copyOf(reasons.keySet())) {
      for (Dependency dependency : universe.metadata(dependent).relations().recommends()) {
        if (Arrays.stream(literals(dependency)).anyMatch(one -> one == id)) {
          return new Reason.RecommendedBy(universe.solvable(dependent), dependency);
        }
      }
    }
    return universe.metadata(id).relations().supplements().stream()
        .findFirst()
        .<Reason>map(Reason.Supplements::new)
        .orElseThrow(
            () -> new IllegalStateException(universe.solvable(id) + " was chosen for no reason"));
  }

  private int[] literals(Dependency dependency) {
    return Providers.isSetLike(dependency)
        ? providers.of(dependency)
        : ConjunctiveForm.open(universe, providers).of(dependency).stream()
            .flatMapToInt(Arrays::stream)
            .toArray();
  }

  private Reason reason(Cause cause) {
    return switch (cause) {
      case Cause.Requires(var dependent, var dependency) ->
          new Reason.RequiredBy(universe.solvable(dependent), dependency);
      case Cause.Conflicts(var source, var dependency, _) ->
          new Reason.AvoidsConflictOf(universe.solvable(source), dependency);
      case Cause.InferiorArchitecture(var inferior) ->
          new Reason.RequiredBy(universe.solvable(inferior), universe.nevra(inferior).asProvide());
      case Cause.Requested _, Cause.Best _, Cause.Obsoletes _, Cause.SameName _, Cause.Learnt _ ->
          throw new IllegalStateException("asks for nothing: " + cause);
    };
  }

  private void note(Clause clause, Reason reason) {
    for (int literal : clause.literals) {
      if (literal > 0 && sat.isTrue(literal) && reasons.putIfAbsent(literal, reason) == null) {
        open.add(literal);
      }
    }
  }
}
