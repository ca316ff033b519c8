package org.overpak.solve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.overpak.testing.Judge;

/// Answers of libsolv's `testsolv`, and ours as it would give them.
final class Testsolv {
  static final Judge JUDGE = Judge.of("testsolv");

  private Testsolv() {}

  /// What testsolv makes of TESTCASE.
  ///
  /// @param directory for its file
  static Set<String> lines(Path directory, String testcase) throws IOException {
    Path file = Files.writeString(directory.resolve("case.t"), testcase);
    return new TreeSet<>(JUDGE.run("-r", file.toString()).lines());
  }

  /// The same as one text.
  static String answer(Path directory, String testcase) throws IOException {
    Set<String> lines = lines(directory, testcase);
    boolean hasProblem = lines.stream().anyMatch(line -> line.startsWith("problem "));
    return hasProblem ? "unsolvable" : String.join("\n", lines);
  }

  static String text(Resolution resolution) {
    return switch (resolution) {
      case Resolution.Unsolvable _ -> "unsolvable";
      case Resolution.Solution(var added, _, _) ->
          String.join(
              "\n",
              new TreeSet<>(
                  added.stream()
                      .map(Resolution.Added::solvable)
                      .map(each -> "install " + each + "@" + each.repository())
                      .toList()));
    };
  }
}
