package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

/// Sat4j is the oracle: whatever clauses are made up, both must agree on whether they can hold.
class SatTest {
  private static final int FORMULAS = 1000;

  @Test
  void agreesWithSat4jOnRandomFormulas() throws TimeoutException {
    int satisfiable = 0;
    for (int seed = 0; seed < FORMULAS; seed++) {
      List<int[]> formula = formula(seed);
      boolean expected = isSatisfiable(formula);
      satisfiable += expected ? 1 : 0;
      var sat = new Sat(limit(formula));
      boolean actual = run(sat, formula);
      assertThat(actual).as("formula " + seed).isEqualTo(expected);
      if (actual) {
        assertThat(formula)
            .as("model of formula " + seed)
            .allMatch(clause -> Arrays.stream(clause).anyMatch(sat::isTrue));
      } else {
        assertRefutes(sat, seed);
      }
    }
    // Both answers must have been tried often: 4.3 clauses a variable is where they balance.
    assertThat(satisfiable).isBetween(FORMULAS / 4, FORMULAS * 3 / 4);
  }

  /// The clauses blamed must be contradictory themselves, and after reduction none too many.
  private static void assertRefutes(Sat sat, int seed) throws TimeoutException {
    List<Clause> refutation = sat.refutation();
    assertThat(isSatisfiable(literals(refutation))).as("refutation of " + seed).isFalse();
    List<Clause> core = Core.irreducible(refutation);
    assertThat(isSatisfiable(literals(core))).as("core of " + seed).isFalse();
    for (Clause clause : core) {
      List<Clause> rest = new ArrayList<>(core);
      rest.remove(clause);
      assertThat(isSatisfiable(literals(rest))).as("core of " + seed).isTrue();
    }
  }

  private static List<int[]> literals(List<Clause> clauses) {
    return clauses.stream().map(clause -> clause.literals).toList();
  }

  private static List<int[]> formula(int seed) {
    var random = new Random(seed);
    int variables = 5 + random.nextInt(30);
    int clauses = (int) (variables * (3.3 + 2 * random.nextDouble()));
    List<int[]> formula = new ArrayList<>();
    for (int i = 0; i < clauses; i++) {
      int length = random.nextInt(20) == 0 ? 1 + random.nextInt(2) : 3;
      formula.add(
          random
              .ints(1, variables + 1)
              .distinct()
              .limit(length)
              .map(variable -> random.nextBoolean() ? variable : -variable)
              .sorted()
              .toArray());
    }
    return formula;
  }

  private static int limit(List<int[]> formula) {
    return 1 + formula.stream().flatMapToInt(Arrays::stream).map(Math::abs).max().orElse(0);
  }

  private static boolean run(Sat sat, List<int[]> formula) {
    sat.addAll(
        formula.stream()
            .map(
                literals ->
                    new Clause(literals, new Cause.Requested(new Job.Hopeless("", List.of()))))
            .toList());
    if (!sat.start()) {
      return false;
    }
    int level = 1;
    int variable = 1;
    while (variable < limit(formula)) {
      if (!sat.isUndecided(variable)) {
        variable++;
        continue;
      }
      int reached = sat.decide(variable % 2 == 0 ? variable : -variable, level);
      if (reached == 0) {
        return false;
      }
      variable = reached <= level ? 1 : variable;
      level = reached;
    }
    return true;
  }

  private static boolean isSatisfiable(List<int[]> formula) throws TimeoutException {
    ISolver solver = SolverFactory.newDefault();
    try {
      for (int[] clause : formula) {
        solver.addClause(new VecInt(clause.clone()));
      }
    } catch (ContradictionException _) {
      return false;
    }
    return solver.isSatisfiable();
  }
}
