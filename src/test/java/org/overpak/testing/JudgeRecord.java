package org.overpak.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What happened between tests and judges in one run: a file of lines, each an event. Several JVMs
/// append to it; a short line in one write is not torn apart.
final class JudgeRecord {

  /// One thing that happened.
  sealed interface Event {
    /// The program said that this is its version.
    record Version(String judge, String version) implements Event {}

    /// The program was really run.
    record Run(String judge) implements Event {}

    /// So many things were compared with what the judge says, and so many of them differed.
    record Compared(String judge, long count, long differing) implements Event {}

    /// The judge refused something that was made wrong on purpose.
    record Rejected(String judge, String what) implements Event {}

    /// The rule at LINE of `testing/differences` allowed one difference.
    record Allowed(int line) implements Event {}
  }

  private final Path file;

  JudgeRecord(Path file) {
    this.file = file;
  }

  /// The record of this run, removed by `./check` when it begins.
  static JudgeRecord ofThisRun() {
    return new JudgeRecord(Project.directory().resolve("target/judges.record"));
  }

  void append(Event event) {
    String line =
        switch (event) {
          case Event.Version(var judge, var version) -> fields("version", judge, version);
          case Event.Run(var judge) -> fields("run", judge);
          case Event.Compared(var judge, var count, var differing) ->
              fields("compared", judge, String.valueOf(count), String.valueOf(differing));
          case Event.Rejected(var judge, var what) -> fields("rejected", judge, what);
          case Event.Allowed(var number) -> fields("allowed", String.valueOf(number));
        };
    try {
      Files.createDirectories(file.getParent());
      Files.write(
          file,
          line.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String fields(String... fields) {
    var line = new StringBuilder();
    for (String field : fields) {
      line.append(line.isEmpty() ? "" : "\t").append(field.replaceAll("\\s+", " "));
    }
    return line.append('\n').toString();
  }

  /// All that was recorded; nothing, if no judge was asked.
  List<Event> read() {
    var events = new ArrayList<Event>();
    try {
      for (String line : Files.readAllLines(file)) {
        events.add(parse(line.split("\t", -1)));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return events;
  }

  private static Event parse(String[] fields) {
    return switch (fields[0]) {
      case "version" -> new Event.Version(fields[1], fields[2]);
      case "run" -> new Event.Run(fields[1]);
      case "compared" ->
          new Event.Compared(fields[1], Long.parseLong(fields[2]), Long.parseLong(fields[3]));
      case "rejected" -> new Event.Rejected(fields[1], fields[2]);
      case "allowed" -> new Event.Allowed(Integer.parseInt(fields[1]));
      default -> throw new IllegalArgumentException("not an event: " + fields[0]);
    };
  }
}
