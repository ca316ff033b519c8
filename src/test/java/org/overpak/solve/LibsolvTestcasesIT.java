package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.DebianSource;

/// The testcases that libsolv is developed with, from Debian's source package: every run that only
/// installs, with the transaction that it states. Where that transaction changes what is installed,
/// which Overpak never does, `testsolv` says what is to be done with all that is installed locked.
class LibsolvTestcasesIT {
  private static final String SUBJECT = "transactions of libsolv's testcases";

  /// Lines of a result that say nothing about what is installed.
  private static final String ADDING = "(install|problem|recommended|suggested|rule|cleandeps) .*";

  @TempDir Path directory;

  @Test
  void addsWhatTheTestcasesState() throws IOException {
    Map<String, String> stated = new TreeMap<>();
    Map<String, String> locked = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    Map<String, List<String>> skipped = new TreeMap<>();
    for (Path file : files()) {
      for (TestcaseFile.Run run : TestcaseFile.read(file)) {
        if (!run.unfit().isEmpty()) {
          skipped.computeIfAbsent(run.unfit(), _ -> new ArrayList<>()).add(run.name());
          continue;
        }
        boolean adds = run.stated().stream().allMatch(line -> line.matches(ADDING));
        (adds ? stated : locked).put(run.name(), adds ? transaction(run.stated()) : withLocks(run));
        ours.put(run.name(), ours(run));
      }
    }
    System.out.printf(
        "libsolv's testcases: %d runs as stated, %d with what is installed locked, %d skipped:%n",
        stated.size(), locked.size(), skipped.values().stream().mapToInt(List::size).sum());
    skipped.forEach(
        (reason, runs) ->
            System.out.printf(
                "  %d, since %s: %s%n", runs.size(), reason, String.join(", ", runs)));
    assertThat(stated).hasSizeGreaterThan(20);
    Map<String, String> theirs = new TreeMap<>(stated);
    theirs.putAll(locked);
    Testsolv.JUDGE.compare(SUBJECT, theirs, ours);
    Testsolv.JUDGE.distinguishes(
        "the package that comes first by name",
        SUBJECT,
        theirs,
        Map.of("choose/versioned.t 1", "install A-1-1.noarch@test\ninstall X-1-1.noarch@test"));
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(DebianSource.of("libsolv", "test/testcases"))) {
      return files.filter(file -> file.toString().endsWith(".t")).sorted().toList();
    }
  }

  private String withLocks(TestcaseFile.Run run) throws IOException {
    return transaction(Testsolv.lines(directory, run.withLocks()));
  }

  private static String transaction(Iterable<String> lines) {
    var installed = new TreeSet<String>();
    for (String line : lines) {
      if (line.startsWith("problem ")) {
        return "unsolvable";
      }
      if (!line.matches("(recommended|suggested|rule|cleandeps) .*")) {
        installed.add(line);
      }
    }
    return String.join("\n", installed);
  }

  private static String ours(TestcaseFile.Run run) {
    return switch (Solver.solve(run.universe(), run.jobs(), run.options(), FileOwners.NONE)) {
      case Resolution.Unsolvable _ -> "unsolvable";
      case Resolution.Solution(var added, _, _) ->
          transaction(
              added.stream()
                  .map(Resolution.Added::solvable)
                  .map(each -> "install " + each + "@" + each.repository())
                  .toList());
    };
  }
}
