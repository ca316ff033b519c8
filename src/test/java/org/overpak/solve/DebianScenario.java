package org.overpak.solve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;

/// A request over Debian's packages, drawn at random: what is installed, which repository has which
/// priority, what is excluded, and what is asked for.
///
/// @param excluded the names of packages, with version and architecture
record DebianScenario(
    Map<String, PackageIndex> indexes,
    List<PackageMetadata> installed,
    Map<String, Integer> priorities,
    Set<String> excluded,
    List<String> specs,
    boolean best,
    boolean weak) {
  static final List<String> REPOSITORIES = List.of("base", "more", "updates");

  /// Equal random numbers give equal scenarios.
  ///
  /// @param onRuntime whether something may be installed
  static DebianScenario drawn(Random random, Map<String, PackageIndex> indexes, boolean onRuntime) {
    List<String> seeds = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      seeds.add(pick(random, indexes, "base"));
    }
    List<PackageMetadata> installed = onRuntime ? closure(indexes, seeds) : List.of();
    Map<String, Integer> priorities = new TreeMap<>();
    for (String id : REPOSITORIES) {
      priorities.put(id, random.nextInt(4) == 0 ? 50 : 99);
    }
    Set<String> excluded = new TreeSet<>();
    PackageIndex base = index(indexes, "base");
    for (int i = random.nextInt(400); i > 0; i--) {
      excluded.add(base.nevra(random.nextInt(base.size())).toString());
    }
    List<String> specs = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      specs.add(pick(random, indexes, random.nextInt(3) == 0 ? "more" : "base"));
    }
    return new DebianScenario(
        indexes,
        installed,
        priorities,
        excluded,
        specs,
        random.nextBoolean(),
        random.nextInt(4) == 0);
  }

  private static PackageIndex index(Map<String, PackageIndex> indexes, String id) {
    return Objects.requireNonNull(indexes.get(id));
  }

  private static String pick(Random random, Map<String, PackageIndex> indexes, String id) {
    PackageIndex from = index(indexes, id);
    return from.nevra(random.nextInt(from.size())).name();
  }

  /// A system with SEEDS and what they need, where that can be had.
  private static List<PackageMetadata> closure(
      Map<String, PackageIndex> indexes, List<String> seeds) {
    Universe.Builder builder = Universe.builder(Architecture.of("x86_64"));
    for (String id : List.of("base", "more")) {
      builder.repository(id, index(indexes, id), Exclusions.NONE);
    }
    return Solver.solve(builder.build(), Request.of(seeds), FileOwners.NONE)
            instanceof Resolution.Solution(var added, _, _)
        ? added.stream().map(one -> one.solvable().metadata()).toList()
        : List.of();
  }

  int priority(String id) {
    return Objects.requireNonNull(priorities.get(id));
  }

  Universe universe() {
    Universe.Builder builder = Universe.builder(Architecture.of("x86_64"));
    builder.installed(PackageIndex.of(installed));
    for (String id : REPOSITORIES) {
      builder.repository(
          id,
          priority(id),
          1000,
          index(indexes, id),
          nevra ->
              excluded.contains(nevra.toString())
                  ? Optional.of("excluded by chance")
                  : Optional.empty());
    }
    return builder.build();
  }

  Request request() {
    return Request.of(specs).withBest(best).withWeak(weak);
  }

  /// The same for `testsolv`, with all that is installed locked, and what would replace it left
  /// out, as {@link Scenario} explains.
  String testcase(Universe universe) {
    var text = new StringBuilder("repo system 0 testtags <inline>\n#>=Ver: 3.0\n");
    installed.forEach(one -> text.append(Testcase.tags(one).replaceAll("(?m)^(?=.)", "#>")));
    for (String id : REPOSITORIES) {
      text.append("repo %s %d.-1000 solv %s.solv\n".formatted(id, -priority(id), id));
    }
    text.append("system x86_64 rpm system\npoolflags implicitobsoleteusescolors\n");
    text.append("solverflags ").append(weak ? "" : "ignorerecommended ");
    text.append("bestobeypolicy keeporphans\n");
    for (int id = universe.installedCount() + 1; id < universe.limit(); id++) {
      if (!universe.isEligible(id)) {
        Solvable solvable = universe.solvable(id);
        text.append("disable pkg %s@%s\n".formatted(solvable, solvable.repository()));
      }
    }
    installed.forEach(one -> text.append("job lock pkg %s@system\n".formatted(one.nevra())));
    var matcher = new SpecMatcher(universe, new Providers(universe, FileOwners.NONE));
    for (String spec : specs) {
      for (Job job : matcher.jobs(spec)) {
        text.append(job(universe, job));
      }
    }
    return text.append("result transaction,problems <inline>\n").toString();
  }

  private String job(Universe universe, Job job) {
    if (job instanceof Job.Hopeless) {
      return "job install name no-such-package\n";
    }
    return "job install oneof %s%s\n"
        .formatted(
            job.oneOf().stream()
                .map(universe::solvable)
                .map(one -> one + "@" + (one.isInstalled() ? "system" : one.repository()))
                .collect(Collectors.joining(" ")),
            best ? " [forcebest]" : "");
  }
}
