package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

/// Whether the rules can also be met without one of the added packages, by Sat4j's word: only then
/// does it say anything that two solvers agree.
final class OtherSolution {
  private OtherSolution() {}

  static boolean exists(Universe universe, Request request, List<Resolution.Added> added)
      throws TimeoutException {
    var providers = new Providers(universe, FileOwners.NONE);
    var matcher = new SpecMatcher(universe, providers);
    var rules = new Rules(universe, providers);
    rules.add(
        request.specs().stream().flatMap(spec -> matcher.jobs(spec).stream()).toList(), request);
    ISolver sat4j = SolverFactory.newDefault();
    List<Clause> clauses = new ArrayList<>(rules.aboutPackages());
    clauses.addAll(rules.ofJobs());
    clauses.addAll(rules.ofArchitecture());
    clauses.addAll(rules.ofBest());
    int[] notAll =
        added.stream()
            .map(Resolution.Added::solvable)
            .mapToInt(each -> -universe.id(each.repository(), each.position()))
            .toArray();
    try {
      for (Clause clause : clauses) {
        sat4j.addClause(new VecInt(Arrays.copyOf(clause.literals, clause.literals.length)));
      }
      sat4j.addClause(new VecInt(notAll));
    } catch (ContradictionException _) {
      return false;
    }
    return sat4j.isSatisfiable();
  }
}
