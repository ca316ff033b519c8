package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.overpak.rpm.Dependency;
import org.overpak.solve.Explanation.Fact;
import org.overpak.solve.Explanation.Flaw;
import org.overpak.solve.Explanation.Node;
import org.overpak.solve.Explanation.Problem;
import org.overpak.solve.Explanation.Rejected;

/// Turns clauses that cannot hold together into a {@link Problem}.
final class Explainer {
  private static final int MOST_REJECTED = 5;

  private final Universe universe;
  private final Providers providers;
  private final Set<Clause> told = new HashSet<>();
  private final Map<Integer, List<Clause>> against = new HashMap<>();

  Explainer(Universe universe, Providers providers) {
    this.universe = universe;
    this.providers = providers;
  }

  /// @param core clauses that cannot hold together, irreducible
  Problem explain(List<Clause> core) {
    told.clear();
    against.clear();
    for (Clause clause : core) {
      for (int literal : clause.literals) {
        if (literal < 0) {
          against.computeIfAbsent(-literal, _ -> new ArrayList<>()).add(clause);
        }
      }
    }
    List<Node> roots = new ArrayList<>();
    for (Clause clause : core) {
      switch (clause.cause) {
        case Cause.Requested _, Cause.Best _ -> roots.add(node(clause));
        case Cause.Requires _,
            Cause.Conflicts _,
            Cause.Obsoletes _,
            Cause.SameName _,
            Cause.InferiorArchitecture _,
            Cause.Learnt _ -> {}
      }
    }
    return new Problem(roots);
  }

  private Node node(Clause clause) {
    told.add(clause);
    List<Node> children = new ArrayList<>();
    for (int literal : clause.literals) {
      for (Clause next :
          literal > 0 ? against.getOrDefault(literal, List.of()) : List.<Clause>of()) {
        if (!told.contains(next)) {
          children.add(node(next));
        }
      }
    }
    return new Node(fact(clause), children);
  }

  private Fact fact(Clause clause) {
    List<Solvable> candidates =
        universe.solvables(Arrays.stream(clause.literals).filter(literal -> literal > 0).toArray());
    return switch (clause.cause) {
      case Cause.Requested(var job) ->
          switch (job) {
            case Job.OneOf(var spec, _) -> new Fact.Requested(spec, candidates);
            case Job.Holds(var spec, _) -> new Fact.Requested(spec, candidates);
            case Job.Hopeless(var spec, var matches) -> unmatched(spec, matches);
          };
      case Cause.Best(var job) -> new Fact.BestRequested(job.spec(), candidates);
      case Cause.Requires(var dependent, var dependency) ->
          candidates.isEmpty() && clause.isUnit()
              ? new Fact.NothingProvides(
                  universe.solvable(dependent),
                  dependency,
                  rejected(dependency),
                  universe.isScanned())
              : new Fact.Requires(
                  universe.solvable(dependent), dependency, candidates, ineligible(dependency));
      case Cause.Conflicts(var source, var dependency, var other) ->
          other == 0
              ? new Fact.ConflictsWith(universe.solvable(source), dependency)
              : new Fact.Conflicts(universe.solvable(source), dependency, universe.solvable(other));
      case Cause.Obsoletes(var source, var dependency, var other) ->
          new Fact.Obsoletes(universe.solvable(source), dependency, universe.solvable(other));
      case Cause.SameName(var one, var other) ->
          new Fact.SameName(universe.solvable(one), universe.solvable(other));
      case Cause.InferiorArchitecture(var inferior) ->
          new Fact.InferiorArchitecture(universe.solvable(inferior));
      case Cause.Learnt _ -> throw new IllegalStateException("a refutation holds no learnt clause");
    };
  }

  private Fact unmatched(String spec, List<Integer> matches) {
    List<Rejected> rejected = matches.stream().map(this::rejected).toList();
    return new Fact.Unmatched(
        spec, rejected, rejected.isEmpty() ? new NearMisses(universe).of(spec) : List.of());
  }

  private Rejected rejected(int id) {
    Flaw flaw =
        universe
            .exclusion(id)
            .<Flaw>map(Flaw.Excluded::new)
            .or(() -> otherArchitecture(id))
            .or(() -> universe.replaced(id).map(Flaw.ReplacesInstalled::new))
            .or(() -> universe.obsoleted(id).map(Flaw.ObsoletesInstalled::new))
            .orElseThrow();
    return new Rejected(universe.solvable(id), flaw);
  }

  private Optional<Flaw> otherArchitecture(int id) {
    return universe.architectureOrder(id) == Architecture.UNFIT
        ? Optional.of(new Flaw.OtherArchitecture())
        : Optional.empty();
  }

  /// What provides the capability but may not be chosen, then what provides it in other versions.
  private List<Rejected> rejected(Dependency dependency) {
    if (!Providers.isSetLike(dependency)) {
      return List.of();
    }
    Stream<Rejected> others =
        dependency instanceof Dependency.Simple simple ? otherVersions(simple) : Stream.empty();
    return Stream.concat(ineligible(dependency).stream(), others).limit(MOST_REJECTED).toList();
  }

  private List<Rejected> ineligible(Dependency dependency) {
    return Providers.isSetLike(dependency)
        ? Arrays.stream(providers.ofAny(dependency))
            .filter(id -> !universe.isEligible(id))
            .mapToObj(this::rejected)
            .limit(MOST_REJECTED)
            .toList()
        : List.of();
  }

  private Stream<Rejected> otherVersions(Dependency.Simple dependency) {
    return Arrays.stream(universe.providing(Dependency.named(dependency.name())))
        .filter(universe::isEligible)
        .boxed()
        .sorted(
            Comparator.<Integer, Boolean>comparing(id -> !universe.isInstalled(id))
                .thenComparing(id -> universe.nevra(id).evr(), Comparator.reverseOrder()))
        .flatMap(
            id ->
                Stream.concat(
                        universe.metadata(id).relations().provides().stream(),
                        Stream.of(universe.nevra(id).asProvide()))
                    .filter(
                        provide ->
                            provide instanceof Dependency.Simple simple
                                && simple.name().equals(dependency.name()))
                    .limit(1)
                    .map(
                        provide ->
                            new Rejected(universe.solvable(id), new Flaw.OtherVersion(provide))));
  }
}
