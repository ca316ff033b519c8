package org.overpak.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.overpak.testing.JudgeRecord.Event;

/// The end of `./check`: which judge in which version was asked how often, how many things were
/// compared, how many differed, and what it rejected; then each allowed difference with its count.
///
/// @param problems why the run fails: a listed judge that was not heard, a rule without a use
record JudgeTable(String text, List<String> problems) {

  JudgeTable {
    problems = List.copyOf(problems);
  }

  private static final class Row {
    String version = "";
    long runs;
    long compared;
    long differing;
    long rejected;
  }

  static JudgeTable of(JudgeList judges, DifferenceRules rules, List<Event> events) {
    var rows = new LinkedHashMap<String, Row>();
    judges.entries().forEach(entry -> rows.put(entry.program(), new Row()));
    var allowed = new HashMap<Integer, Long>();
    for (Event event : events) {
      switch (event) {
        case Event.Version(var judge, var version) -> row(rows, judge).version = version;
        case Event.Run(var judge) -> row(rows, judge).runs++;
        case Event.Compared(var judge, var count, var differing) -> {
          row(rows, judge).compared += count;
          row(rows, judge).differing += differing;
        }
        case Event.Rejected(var judge, _) -> row(rows, judge).rejected++;
        case Event.Allowed(var line) -> allowed.merge(line, 1L, Long::sum);
      }
    }
    return new JudgeTable(text(rows, rules, allowed), problems(rows, rules, allowed));
  }

  private static Row row(Map<String, Row> rows, String judge) {
    return rows.computeIfAbsent(judge, _ -> new Row());
  }

  private static String text(
      Map<String, Row> rows, DifferenceRules rules, Map<Integer, Long> allowed) {
    String format = "%-14s %-28s %6s %9s %9s %9s%n";
    var text = new StringBuilder();
    text.append(format.formatted("judge", "version", "runs", "compared", "differing", "rejected"));
    rows.forEach(
        (judge, row) ->
            text.append(
                format.formatted(
                    judge,
                    row.version.length() > 28 ? row.version.substring(0, 28) : row.version,
                    row.runs,
                    row.compared,
                    row.differing,
                    row.rejected)));
    for (DifferenceRules.Rule rule : rules.rules()) {
      text.append(
          "allowed %d times: %s, %s: %s (%s)%n"
              .formatted(
                  allowed.getOrDefault(rule.line(), 0L),
                  rule.judge(),
                  rule.subject(),
                  rule.differs(),
                  rule.because()));
    }
    return text.toString();
  }

  private static List<String> problems(
      Map<String, Row> rows, DifferenceRules rules, Map<Integer, Long> allowed) {
    var problems = new ArrayList<String>();
    rows.forEach(
        (judge, row) -> {
          if (row.runs == 0) {
            problems.add(judge + " was never run");
          }
          if (row.compared == 0) {
            problems.add("nothing was compared with " + judge);
          }
          if (row.rejected == 0) {
            problems.add(judge + " rejected no negative control");
          }
        });
    for (DifferenceRules.Rule rule : rules.rules()) {
      if (!allowed.containsKey(rule.line())) {
        problems.add("testing/differences:" + rule.line() + ": the rule matches nothing");
      }
    }
    return problems;
  }

  /// Prints the table, writes it to `target/judges.txt`, and fails if there are problems.
  public static void main(String[] args) throws IOException {
    JudgeTable table = of(JudgeList.load(), DifferenceRules.load(), JudgeRecord.ofThisRun().read());
    Files.writeString(Project.directory().resolve("target/judges.txt"), table.text());
    System.out.print(table.text());
    table.problems().forEach(problem -> System.out.println("FAILED: " + problem));
    if (!table.problems().isEmpty()) {
      System.exit(1);
    }
  }
}
