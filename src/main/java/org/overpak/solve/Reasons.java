package org.overpak.solve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.overpak.solve.Resolution.Reason;

/// Finds for each chosen package why it is there: a walk from the request along what each package
/// requires, breadth first, so that the chain told is a shortest one.
final class Reasons {
  private final Universe universe;
  private final Sat sat;
  private final Map<Integer, Reason> reasons = new LinkedHashMap<>();
  private final Deque<Integer> open = new ArrayDeque<>();
  private final Map<Integer, List<Clause>> bySource = new HashMap<>();

  private Reasons(Universe universe, Sat sat) {
    this.universe = universe;
    this.sat = sat;
  }

  /// Every package that SAT holds to be there, in the order of the walk.
  static Map<Integer, Reason> of(Universe universe, Rules rules, Sat sat) {
    var search = new Reasons(universe, sat);
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
    while (!open.isEmpty()) {
      for (Clause clause : bySource.getOrDefault(open.remove(), List.of())) {
        if (Arrays.stream(clause.literals).allMatch(l -> l > 0 || sat.isTrue(-l))) {
          note(clause, reason(clause.cause));
        }
      }
    }
    for (int i = 0; i < sat.trail().size(); i++) {
      int literal = sat.trail().get(i);
      if (literal > 0 && !reasons.containsKey(literal)) {
        throw new IllegalStateException(universe.solvable(literal) + " was chosen for no reason");
      }
    }
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
