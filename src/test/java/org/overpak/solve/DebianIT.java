package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.repo.RepositoryConfig;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.testing.Command;
import org.overpak.testing.DnfTable;
import org.overpak.testing.Judge;
import org.overpak.testing.Repodata;
import org.sat4j.specs.TimeoutException;

/// libsolv's `testsolv`, and dnf, are the judges over a distribution's graph: the index of Debian's
/// packages as three repositories (most of it, the rest of it, and updates), random installed sets
/// and requests. With `./check --full` 500 scenarios instead of 60, and 50 for dnf instead of 3.
class DebianIT {
  private static final boolean FULL = Boolean.getBoolean("overpak.full");
  private static final int SCENARIOS = FULL ? 500 : 60;
  private static final int SCENARIOS_OF_DNF = FULL ? 50 : 3;

  private static final Judge DNF = Judge.of("dnf");

  @TempDir private static Path directory;

  /// As Overpak reads them from the metadata that the judges read.
  private static final Map<String, PackageIndex> INDEXES = new TreeMap<>();

  @BeforeAll
  static void makeRepositories() throws IOException {
    Map<String, List<PackageMetadata>> repositories = new TreeMap<>();
    for (String id : DebianScenario.REPOSITORIES) {
      repositories.put(id, new ArrayList<>());
    }
    for (PackageMetadata metadata : DebianPackages.read()) {
      int hash = metadata.nevra().name().hashCode() & 0xff;
      repositories.getOrDefault(hash < 200 ? "base" : "more", List.of()).add(metadata);
      if (hash % 16 == 3) {
        repositories.getOrDefault("updates", List.of()).add(updated(metadata));
      }
    }
    for (String id : DebianScenario.REPOSITORIES) {
      Repodata.write(directory.resolve(id), repositories.getOrDefault(id, List.of()));
      Path primary = directory.resolve(id + "/repodata/primary.xml");
      Path solv = directory.resolve(id + ".solv");
      Command.of("sh", "-c", "rpmmd2solv < " + primary + " > " + solv)
          .within(Duration.ofMinutes(1))
          .run();
      INDEXES.put(id, read(id));
    }
  }

  /// The same in a higher release.
  private static PackageMetadata updated(PackageMetadata metadata) {
    Nevra nevra = metadata.nevra();
    Evr evr = nevra.evr();
    return new PackageMetadata(
        new Nevra(
            nevra.name(), new Evr(evr.epoch(), evr.version(), evr.release() + ".1"), nevra.arch()),
        "",
        metadata.relations(),
        List.of(),
        0);
  }

  private static PackageIndex read(String id) {
    var config = RepositoryConfig.parseOption(id + "=" + directory.resolve(id), List.of());
    try (var downloads =
        new Downloads(directory.resolve("cache"), DownloadOptions.DEFAULT, Progress.SILENT)) {
      return downloads.open(List.of(config), _ -> {}).getFirst().packages();
    }
  }

  @Test
  void choosesWhatLibsolvChooses() throws IOException, TimeoutException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    var shares = new Shares();
    for (int seed = 0; seed < SCENARIOS; seed++) {
      var scenario = DebianScenario.drawn(new Random(seed), INDEXES, true);
      Universe universe = scenario.universe();
      Resolution resolution = Solver.solve(universe, scenario.request(), FileOwners.NONE);
      String key = "scenario %d: %s".formatted(seed, scenario.specs());
      theirs.put(key, Testsolv.answer(directory, scenario.testcase(universe)));
      ours.put(key, Testsolv.text(resolution));
      shares.count(scenario, resolution);
    }
    shares.print("libsolv");
    String subject = "packages added over Debian";
    Testsolv.JUDGE.compare(subject, theirs, ours);
    shares.require();
    ours.replaceAll((_, added) -> added.replaceFirst("install [^\n]*\n", ""));
    Testsolv.JUDGE.distinguishes("a package left out", subject, theirs, ours);
  }

  @Test
  void choosesWhatDnfChooses() throws TimeoutException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    var shares = new Shares();
    for (int seed = 0; seed < SCENARIOS_OF_DNF; seed++) {
      // an empty root is what dnf is given without making packages of all these
      var scenario = DebianScenario.drawn(new Random(1000L + seed), INDEXES, false);
      Resolution resolution =
          Solver.solve(scenario.universe(), scenario.request(), FileOwners.NONE);
      String key = "scenario %d: %s".formatted(seed, scenario.specs());
      theirs.put(key, dnf(scenario));
      ours.put(key, Testsolv.text(resolution));
      shares.count(scenario, resolution);
    }
    shares.print("dnf");
    String subject = "packages that dnf adds over Debian";
    DNF.compare(subject, theirs, ours);
    if (FULL) {
      shares.require();
    }
    ours.replaceAll((_, added) -> added.replaceFirst("install [^\n]*\n", ""));
    DNF.distinguishes("a package left out", subject, theirs, ours);
  }

  /// How much the scenarios say.
  private static final class Shares {
    private int scenarios;
    private int solvable;
    private int withChoice;
    private long added;

    void count(DebianScenario scenario, Resolution resolution) throws TimeoutException {
      scenarios++;
      if (resolution instanceof Resolution.Solution(var packages, _, _)) {
        solvable++;
        added += packages.size();
        withChoice +=
            OtherSolution.exists(scenario.universe(), scenario.request(), packages) ? 1 : 0;
      }
    }

    void print(String judge) {
      System.out.printf(
          "%s over Debian's %d packages: %d scenarios, %d%% solvable, %d%% have more than one"
              + " solution, %d packages added%n",
          judge,
          INDEXES.values().stream().mapToInt(PackageIndex::size).sum(),
          scenarios,
          100 * solvable / scenarios,
          100 * withChoice / scenarios,
          added);
    }

    /// Else the comparison would say little.
    void require() {
      assertThat(100 * solvable).isGreaterThanOrEqualTo(30 * scenarios);
      assertThat(100 * withChoice).isGreaterThanOrEqualTo(30 * scenarios);
    }
  }

  private static String dnf(DebianScenario scenario) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--installroot=" + directory.resolve("root"));
    for (String id : DebianScenario.REPOSITORIES) {
      arguments.add("--repofrompath=" + id + ",file://" + directory.resolve(id));
      arguments.add("--repo=" + id);
      arguments.add("--setopt=" + id + ".priority=" + scenario.priority(id));
    }
    scenario.excluded().forEach(nevra -> arguments.add("--exclude=" + nevra));
    arguments.addAll(
        List.of(
            "--nogpgcheck",
            "--releasever=1",
            "--forcearch=x86_64",
            "--setopt=best=" + (scenario.best() ? 1 : 0),
            "--setopt=install_weak_deps=" + (scenario.weak() ? 1 : 0),
            "--setopt=reposdir=/dev/null",
            "--setopt=cachedir=" + directory.resolve("dnf"),
            "--assumeno",
            "install"));
    arguments.addAll(scenario.specs());
    Command.Result result =
        DNF.run(
            DNF.command(arguments.toArray(String[]::new))
                .within(Duration.ofMinutes(2))
                .expecting(1));
    // It ends with 1 for whatever reason.
    if (!result.errorText().contains("Operation aborted.")) {
      assertThat(result.errorText()).containsAnyOf("Problem", "Unable to find a match");
      return "unsolvable";
    }
    return String.join("\n", DnfTable.added(result));
  }
}
