package org.overpak.solve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.overpak.solve.Resolution.Added;
import org.overpak.solve.Resolution.Reason;
import org.overpak.solve.Resolution.Satisfied;

/// Chooses the packages that a request needs beside what is installed, as dnf chooses them
/// (libsolv's policy), but never touching what is installed.
///
/// Deterministic: equal universes and requests give equal resolutions.
public final class Solver {
  private final Universe universe;
  private final Request request;
  private final Providers providers;

  private Solver(Universe universe, Request request, Providers providers) {
    this.universe = universe;
    this.request = request;
    this.providers = providers;
  }

  /// Resolves REQUEST. Files that primary metadata does not list are looked for through
  /// FILE_OWNERS.
  ///
  /// @throws org.overpak.OverpakException if a spec of the request is malformed
  public static Resolution solve(Universe universe, Request request, FileOwners fileOwners) {
    var providers = new Providers(universe, fileOwners);
    var matcher = new SpecMatcher(universe, providers);
    List<Job> jobs = request.specs().stream().flatMap(spec -> matcher.jobs(spec).stream()).toList();
    return new Solver(universe, request, providers).solve(jobs, matcher.missing());
  }

  /// The same for JOBS in place of the specs of OPTIONS.
  static Resolution solve(
      Universe universe, List<Job> jobs, Request options, FileOwners fileOwners) {
    return new Solver(universe, options, new Providers(universe, fileOwners))
        .solve(jobs, List.of());
  }

  /// The packages that SPEC names, as {@link Request} describes specs, whether they may be chosen
  /// or not: installed ones first.
  public static List<Solvable> matching(Universe universe, String spec, FileOwners fileOwners) {
    return new SpecMatcher(universe, new Providers(universe, fileOwners)).matching(spec);
  }

  private Resolution solve(List<Job> asked, List<Resolution.Missing> missing) {
    List<Job> jobs = asked;
    List<Explanation.Problem> problems = new ArrayList<>();
    var explainer = new Explainer(universe, providers);
    while (true) {
      var rules = new Rules(universe, providers);
      var sat = new Sat(universe.limit());
      if (search(jobs, rules, sat)) {
        return problems.isEmpty()
            ? solution(jobs, missing, rules, sat)
            : new Resolution.Unsolvable(new Explanation(problems));
      }
      List<Clause> core = Core.irreducible(sat.refutation());
      problems.add(explainer.explain(core));
      jobs = without(jobs, core);
    }
  }

  private boolean search(List<Job> jobs, Rules rules, Sat sat) {
    rules.add(jobs, request);
    var hints = new Hints(universe, providers, sat);
    var policy = new Policy(universe, hints);
    return new Search(sat, policy, hints, rules, weak(policy, hints, sat)).run();
  }

  /// Clauses that cannot hold together, of which each is needed for that; none if JOBS can be met.
  static List<Clause> contradiction(
      Universe universe, Providers providers, List<Job> jobs, Request request) {
    var sat = new Sat(universe.limit());
    return new Solver(universe, request, providers)
            .search(jobs, new Rules(universe, providers), sat)
        ? List.of()
        : Core.irreducible(sat.refutation());
  }

  private @Nullable WeakDependencies weak(Policy policy, Hints hints, Sat sat) {
    return request.weak() ? new WeakDependencies(universe, providers, policy, hints, sat) : null;
  }

  /// Without the jobs that take part in a problem, the rest may have problems of its own.
  private static List<Job> without(List<Job> jobs, List<Clause> core) {
    Set<Job> blamed = new HashSet<>();
    for (Clause clause : core) {
      switch (clause.cause) {
        case Cause.Requested(var job) -> blamed.add(job);
        case Cause.Best(var job) -> blamed.add(job);
        case Cause.Requires _,
            Cause.Conflicts _,
            Cause.Obsoletes _,
            Cause.SameName _,
            Cause.InferiorArchitecture _,
            Cause.Learnt _ -> {}
      }
    }
    if (blamed.isEmpty()) {
      throw new IllegalStateException("a contradiction without any request");
    }
    return jobs.stream().filter(job -> !blamed.contains(job)).toList();
  }

  private Resolution.Solution solution(
      List<Job> jobs, List<Resolution.Missing> missing, Rules rules, Sat sat) {
    Map<Integer, Reason> reasons = Reasons.of(universe, providers, rules, sat);
    List<Added> added =
        reasons.entrySet().stream()
            .map(entry -> new Added(universe.solvable(entry.getKey()), entry.getValue()))
            .sorted(
                Comparator.<Added, String>comparing(each -> each.solvable().name())
                    .thenComparing(each -> each.solvable().nevra().evr())
                    .thenComparing(each -> each.solvable().nevra().arch()))
            .toList();
    return new Resolution.Solution(added, satisfied(jobs), missing);
  }

  private List<Satisfied> satisfied(List<Job> jobs) {
    List<Satisfied> satisfied = new ArrayList<>();
    for (Job job : jobs) {
      List<Solvable> by =
          job.oneOf().stream().filter(universe::isInstalled).map(universe::solvable).toList();
      if (!by.isEmpty()) {
        satisfied.add(new Satisfied(job.spec(), by));
      }
    }
    return satisfied;
  }
}
