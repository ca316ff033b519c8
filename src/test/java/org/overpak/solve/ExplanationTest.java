package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.overpak.testing.Project;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

/// Situations that cannot be resolved, each a file: what it is about, the packages that there are,
/// what is asked for, and all that a person is told. Read them like documentation.
///
/// `-Doverpak.goldens=write` writes what is said now; the change is then reviewed like code.
class ExplanationTest {
  private static final Path SITUATIONS =
      Project.directory().resolve("src/test/resources/org/overpak/solve/explanations");

  static List<Path> situations() throws IOException {
    try (Stream<Path> files = Files.list(SITUATIONS)) {
      List<Path> all = files.sorted().toList();
      assertThat(all).hasSizeGreaterThanOrEqualTo(20);
      return all;
    }
  }

  @ParameterizedTest
  @MethodSource("situations")
  void isToldToPeople(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int request =
        lines.indexOf(lines.stream().filter(ExplanationTest::isRequest).findFirst().get());
    Universe universe = UniverseText.parse(String.join("\n", lines.subList(1, request)));
    String[] specs = lines.get(request).substring("--- resolve ".length()).split(" ");
    Resolution resolution = Solver.solve(universe, Request.of(specs), FileOwners.NONE);
    assertThat(resolution).isInstanceOf(Resolution.Unsolvable.class);
    Explanation explanation = ((Resolution.Unsolvable) resolution).explanation();
    List<String> told = new ArrayList<>(explanation.text().lines().toList());
    told.add("What to do: " + explanation.advice());
    if (System.getProperty("overpak.goldens", "").equals("write")) {
      List<String> all = new ArrayList<>(lines.subList(0, request + 1));
      all.addAll(told);
      Files.write(file, all);
    }
    assertThat(told).isEqualTo(lines.subList(request + 1, lines.size()));
  }

  private static boolean isRequest(String line) {
    return line.startsWith("--- resolve ");
  }

  /// By Sat4j's word: what an explanation is made of cannot hold together, and can without any one
  /// part.
  @Test
  void anExplanationIsIrreducible() throws TimeoutException {
    int explained = 0;
    for (Scenario.Kind kind : Scenario.Kind.values()) {
      for (int seed = 0; seed < 40; seed++) {
        Scenario scenario = Scenario.of(seed, kind);
        Universe universe = scenario.universe();
        var providers = new Providers(universe, FileOwners.NONE);
        List<Job> jobs = scenario.jobs(universe);
        List<Clause> core =
            Solver.contradiction(universe, providers, jobs, scenario.request(universe, jobs));
        if (core.isEmpty()) {
          continue;
        }
        explained++;
        assertThat(isSatisfiable(core)).as("%s %d", kind, seed).isFalse();
        for (Clause part : core) {
          List<Clause> rest = core.stream().filter(clause -> !clause.equals(part)).toList();
          assertThat(isSatisfiable(rest)).as("%s %d without a part", kind, seed).isTrue();
        }
      }
    }
    assertThat(explained).isGreaterThan(50);
  }

  private static boolean isSatisfiable(List<Clause> clauses) throws TimeoutException {
    ISolver sat4j = SolverFactory.newDefault();
    try {
      for (Clause clause : clauses) {
        sat4j.addClause(new VecInt(Arrays.copyOf(clause.literals, clause.literals.length)));
      }
    } catch (ContradictionException _) {
      return false;
    }
    return sat4j.isSatisfiable();
  }
}
