package org.overpak.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.overpak.testing.JudgeRecord.Event;

/// A real program that Overpak is compared with. Everything it is asked is recorded, and `./check`
/// ends with the table: see {@link JudgeTable}.
///
/// ```java
/// Judge rpm = Judge.of("rpm");
/// String theirs = rpm.run("-qp", "--requires", file).text();
/// rpm.compare("requires of hello", Map.of("hello", theirs), Map.of("hello", ours));
/// rpm.rejects("a payload with one byte flipped", "-K", damaged);
/// ```
///
/// Programs are those of `testing/judges`; one that is missing is a failure, never a skip.
public final class Judge {
  private static final ConcurrentHashMap<String, Judge> JUDGES = new ConcurrentHashMap<>();

  private final String program;
  private final DifferenceRules rules;
  private final JudgeRecord record;

  /// @throws IllegalArgumentException if `testing/judges` does not list PROGRAM
  /// @throws AssertionError if PROGRAM is not installed
  public static Judge of(String program) {
    return JUDGES.computeIfAbsent(
        program,
        _ ->
            new Judge(
                JudgeList.load().find(program), DifferenceRules.load(), JudgeRecord.ofThisRun()));
  }

  Judge(JudgeList.Entry entry, DifferenceRules rules, JudgeRecord record) {
    this.program = entry.program();
    this.rules = rules;
    this.record = record;
    if (!isInstalled(program)) {
      throw new AssertionError(
          "%s is not installed: apt-get install --no-install-recommends %s"
              .formatted(program, entry.debianPackage()));
    }
    Command.Result result = Command.of(program, entry.versionOption()).run();
    String version =
        Stream.concat(result.lines().stream(), result.errorText().lines())
            .map(String::strip)
            .filter(line -> line.matches(".*\\d.*"))
            .findFirst()
            .orElse("unknown");
    record.append(new Event.Version(program, version));
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /// The judge with these arguments, to be changed before {@link #run(Command)} runs it.
  public Command command(String... arguments) {
    return Command.of(program, arguments);
  }

  /// Runs the judge, or a script of ours that does (`testing/distro/dnf`).
  ///
  /// @throws AssertionError with all output, if the exit code is not the expected one
  public Command.Result run(Command command) {
    record.append(new Event.Run(program));
    return command.run();
  }

  /// Runs the judge where its exit code is a part of its answer.
  public Command.Result runToAnyEnd(Command command) {
    record.append(new Event.Run(program));
    return command.runToAnyEnd();
  }

  public Command.Result run(String... arguments) {
    return run(command(arguments));
  }

  public Command.Result run(List<String> arguments) {
    return run(arguments.toArray(String[]::new));
  }

  /// Says that COUNT things were compared with what the judge says and were equal.
  public void compared(long count) {
    record.append(new Event.Compared(program, count, 0));
  }

  /// Says that COUNT things were compared with what the judge says, and which of them differed.
  ///
  /// @param subject what was compared, for people and for the rules ("root of hello")
  /// @param differences one line for each thing that differs
  /// @throws AssertionError with the differences that no rule in `testing/differences` allows
  public void compared(String subject, long count, Collection<String> differences) {
    record.append(new Event.Compared(program, count, differences.size()));
    var wrong = new ArrayList<String>();
    for (String difference : differences) {
      rules
          .allowing(program, subject, difference)
          .ifPresentOrElse(
              rule -> record.append(new Event.Allowed(rule.line())), () -> wrong.add(difference));
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError(
          "%s: %d of %d differ from %s:%n%s"
              .formatted(subject, wrong.size(), count, program, String.join("\n", wrong)));
    }
  }

  /// Compares what the judge says of each thing with what Overpak says; see {@link
  /// #compared(String, long, Collection)}.
  public void compare(String subject, Map<String, String> theirs, Map<String, String> ours) {
    if (theirs.isEmpty()) {
      throw new AssertionError(subject + ": " + program + " said nothing, so nothing is compared");
    }
    compared(subject, union(theirs, ours).size(), differences(theirs, ours));
  }

  /// Proves that {@link #compare} would have failed, where one of both sides was made wrong on
  /// purpose.
  ///
  /// @param what what was made wrong
  public void distinguishes(
      String what, String subject, Map<String, String> theirs, Map<String, String> ours) {
    boolean different =
        differences(theirs, ours).stream()
            .anyMatch(difference -> rules.allowing(program, subject, difference).isEmpty());
    if (!different) {
      throw new AssertionError(subject + ": the comparison does not see " + what);
    }
    rejected(what);
  }

  /// Proves that the judge refuses what was made wrong on purpose: it must fail.
  ///
  /// @param what what was made wrong
  /// @return with what the judge said about it, for the test to see that it is the right reason
  public Command.Result rejects(String what, String... arguments) {
    return rejects(what, command(arguments));
  }

  public Command.Result rejects(String what, Command command) {
    record.append(new Event.Run(program));
    Command.Result result = command.runToAnyEnd();
    if (result.exitCode() == 0) {
      throw new AssertionError(
          "%s accepts %s: %s%n%s"
              .formatted(program, what, String.join(" ", command.line()), result.text()));
    }
    rejected(what);
    return result;
  }

  /// Says that a test saw the judge refuse WHAT was made wrong on purpose.
  public void rejected(String what) {
    record.append(new Event.Rejected(program, what));
  }

  private static Set<String> union(Map<String, String> theirs, Map<String, String> ours) {
    Set<String> keys = new TreeSet<>(theirs.keySet());
    keys.addAll(ours.keySet());
    return keys;
  }

  private List<String> differences(Map<String, String> theirs, Map<String, String> ours) {
    var differences = new ArrayList<String>();
    for (String key : union(theirs, ours)) {
      String their = theirs.get(key);
      String our = ours.get(key);
      if (their == null) {
        differences.add("%s: only Overpak has it: %s".formatted(key, our));
      } else if (our == null) {
        differences.add("%s: only %s has it: %s".formatted(key, program, their));
      } else if (!their.equals(our)) {
        differences.add("%s: %s says %s, Overpak %s".formatted(key, program, their, our));
      }
    }
    return differences;
  }
}
