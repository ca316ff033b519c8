package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.testing.Repodata;

/// dnf is the judge of what a spec means: each is resolved in an empty root, on repodata written
/// here (no package files are needed to be told what would be installed).
class DnfSpecIT {
  private static final String PACKAGES =
      """
      main:
        foo-1-1.x86_64
        foo-2-1.x86_64
        foo-2-1.i686
        foo-1.5-3-1.noarch; provides odd
        foo-devel-2-1.x86_64; requires foo = 2-1
        bar-1:1-1.x86_64; provides cap = 3; files /usr/bin/bar
        baz-1-1.noarch; provides cap = 2
        old-1-1.x86_64
        new-2-1.x86_64; obsoletes old < 2
        alien-1-1.s390x
      """;

  private static final List<String> SPECS =
      List.of(
          "foo",
          "foo.x86_64",
          "foo-1",
          "foo-1-1",
          "foo-1-1.x86_64",
          "foo-0:1-1.x86_64",
          "foo-1.5",
          "foo-1.5-3",
          "foo-1.5-3-1.noarch",
          "foo-2",
          "foo*",
          "foo-d*",
          "foo-1*",
          "f?o",
          "[fb]o*",
          "bar",
          "bar-1",
          "bar-1:1-1",
          "bar-2:1-1",
          "cap",
          "cap = 2",
          "cap >= 3",
          "cap > 3",
          "odd",
          "/usr/bin/bar",
          "/usr/bin/b*",
          "/usr/bin/none",
          "old",
          "old-1",
          "ol*",
          "new",
          "alien",
          "FOO",
          "none",
          "none*");

  private static final Pattern ADDED =
      Pattern.compile("^ (\\S+) +(x86_64|i686|noarch|s390x) +(\\S+) +main +.*");

  private final Judge dnf = Judge.of("dnf");
  @TempDir Path directory;

  @Test
  void specsMeanWhatTheyMeanToDnf() throws IOException {
    Universe universe = UniverseText.parse(PACKAGES);
    Repodata.write(
        directory.resolve("repo"),
        IntStream.range(1, universe.limit()).mapToObj(universe::metadata).toList());
    Map<String, String> theirs = new LinkedHashMap<>();
    Map<String, String> ours = new LinkedHashMap<>();
    for (String spec : SPECS) {
      theirs.put("spec " + spec, theirs(spec));
      ours.put("spec " + spec, ours(universe, spec));
    }
    dnf.compare("packages that specs add", theirs, ours);
    assertThat(theirs).containsEntry("spec foo", "foo-2-1.x86_64");
    dnf.distinguishes(
        "an older version",
        "packages that specs add",
        Map.of("spec foo", theirs.getOrDefault("spec foo", "")),
        Map.of("spec foo", "foo-1-1.x86_64"));
  }

  private static String ours(Universe universe, String spec) {
    return switch (Solver.solve(universe, Request.of(spec), FileOwners.NONE)) {
      case Resolution.Unsolvable _ -> "nothing";
      case Resolution.Solution(var added, _, _) ->
          String.join(
              " ", new TreeSet<>(added.stream().map(each -> each.solvable().toString()).toList()));
    };
  }

  private String theirs(String spec) {
    Command.Result result =
        dnf.run(
            dnf.command(
                    "--installroot=" + directory.resolve("root"),
                    "--repofrompath=main,file://" + directory.resolve("repo"),
                    "--repo=main",
                    "--nogpgcheck",
                    "--releasever=1",
                    "--forcearch=x86_64",
                    "--exclude=*.i686",
                    "--setopt=best=1",
                    "--setopt=install_weak_deps=0",
                    "--setopt=reposdir=/dev/null",
                    "--setopt=cachedir=" + directory.resolve("cache"),
                    "--assumeno",
                    "install",
                    spec)
                .expecting(1));
    // It ends with 1 for whatever reason.
    assertThat(result.text() + result.errorText())
        .containsAnyOf(
            "Operation aborted.",
            "Unable to find a match: " + spec,
            "does not have a compatible architecture");
    var added = new TreeSet<String>();
    for (String line : result.lines()) {
      var matcher = ADDED.matcher(line);
      if (matcher.matches()) {
        added.add(matcher.group(1) + "-" + matcher.group(3) + "." + matcher.group(2));
      }
    }
    return added.isEmpty() ? "nothing" : String.join(" ", added);
  }
}
