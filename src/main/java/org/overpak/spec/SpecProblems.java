package org.overpak.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// All that is wrong with one file, collected so that its author sees everything at once.
final class SpecProblems {
  private record Problem(SpecPosition position, String message, String advice) {
    @Override
    public String toString() {
      return position + ": " + message;
    }
  }

  private final List<Problem> problems = new ArrayList<>();

  /// @param advice what to do about it; empty if MESSAGE says enough
  void add(SpecPosition position, String message, String advice) {
    problems.add(new Problem(position, message, advice));
  }

  boolean isAt(SpecPosition position) {
    return problems.stream().anyMatch(problem -> problem.position().equals(position));
  }

  /// @throws OverpakException (SPEC) if there is any problem: one line for each, in file order
  void throwIfAny() {
    if (problems.isEmpty()) {
      return;
    }
    var sorted = problems.stream().sorted(Comparator.comparing(Problem::position)).toList();
    if (sorted.size() == 1) {
      var only = sorted.getFirst();
      throw new OverpakException(ExitCode.SPEC, only.toString(), only.advice());
    }
    String message =
        sorted.stream()
            .map(p -> p.advice().isEmpty() ? p.toString() : p + ": " + p.advice())
            .collect(Collectors.joining("\n"));
    throw new OverpakException(
        ExitCode.SPEC, message, "correct these " + sorted.size() + " places");
  }
}
