package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sat4j.specs.TimeoutException;

/// libsolv's `testsolv` is the judge: for made-up universes and requests it must add the very same
/// packages, or find the request unsolvable too.
class LibsolvIT {
  /// For each kind.
  private static final int SCENARIOS = 120;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void choosesWhatLibsolvChooses(Scenario.Kind kind) throws IOException, TimeoutException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    int solvable = 0;
    int adding = 0;
    int withChoice = 0;
    for (int seed = 0; seed < SCENARIOS; seed++) {
      Scenario scenario = Scenario.of(seed, kind);
      Universe universe = scenario.universe();
      List<Job> jobs = scenario.jobs(universe);
      Request request = scenario.request(universe, jobs);
      Resolution resolution = Solver.solve(universe, request, FileOwners.NONE);
      String key = "scenario " + kind + " " + seed;
      theirs.put(key, Testsolv.answer(directory, scenario.testcase(universe, jobs)));
      ours.put(key, Testsolv.text(resolution));
      if (resolution instanceof Resolution.Solution(var added, _, _)) {
        solvable++;
        adding += added.isEmpty() ? 0 : 1;
        withChoice += OtherSolution.exists(universe, request, added) ? 1 : 0;
      }
    }
    Testsolv.JUDGE.compare("packages added", theirs, ours);
    System.out.printf(
        "libsolv, %s: %d scenarios, %d solvable, %d of them add packages, %d have another solution%n",
        kind, SCENARIOS, solvable, adding, withChoice);
    // Else the comparison would say little.
    assertThat(solvable).isBetween(SCENARIOS / 3, SCENARIOS * 19 / 20);
    assertThat(withChoice).isGreaterThan(SCENARIOS / 5);
  }

  @Test
  void seesAnOlderVersionAndALeftOutPackage() throws IOException {
    Scenario scenario = Scenario.of(3, Scenario.Kind.PLAIN);
    Universe universe = scenario.universe();
    String theirs =
        Testsolv.answer(directory, scenario.testcase(universe, scenario.jobs(universe)));
    assertThat(theirs).contains("install");
    Testsolv.JUDGE.distinguishes(
        "a package left out",
        "packages added",
        Map.of("scenario", theirs),
        Map.of("scenario", theirs.replaceFirst("install [^\n]*", "")));
  }
}
