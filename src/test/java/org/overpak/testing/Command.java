package org.overpak.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program to run, with all that it sees of its surroundings. Input and output are files, so a
/// child that lives on and holds them cannot make the test hang.
///
/// @param directory where it runs; the test's own if null
/// @param environment what it sees beside the test's own
/// @param input the file that is its standard input
/// @param expected the exit code that is not a failure
public record Command(
    List<String> line,
    @Nullable Path directory,
    Map<String, String> environment,
    Path input,
    Duration timeout,
    int expected) {

  public Command {
    line = List.copyOf(line);
    environment = Map.copyOf(environment);
  }

  public static Command of(List<String> line) {
    return new Command(line, null, Map.of(), Path.of("/dev/null"), Duration.ofMinutes(2), 0);
  }

  public static Command of(String program, String... arguments) {
    return of(Stream.concat(Stream.of(program), Stream.of(arguments)).toList());
  }

  /// With more arguments.
  public Command and(String... arguments) {
    return new Command(
        Stream.concat(line.stream(), Stream.of(arguments)).toList(),
        directory,
        environment,
        input,
        timeout,
        expected);
  }

  public Command in(Path newDirectory) {
    return new Command(line, newDirectory, environment, input, timeout, expected);
  }

  public Command with(String variable, String value) {
    var more = new TreeMap<>(environment);
    more.put(variable, value);
    return new Command(line, directory, more, input, timeout, expected);
  }

  public Command reading(Path newInput) {
    return new Command(line, directory, environment, newInput, timeout, expected);
  }

  public Command within(Duration newTimeout) {
    return new Command(line, directory, environment, input, newTimeout, expected);
  }

  public Command expecting(int exitCode) {
    return new Command(line, directory, environment, input, timeout, exitCode);
  }

  /// What a program left when it ended.
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Result(int exitCode, byte[] output, byte[] errors) {

    /// Standard output as text.
    public String text() {
      return new String(output, StandardCharsets.UTF_8);
    }

    /// The lines of standard output.
    public List<String> lines() {
      return text().lines().toList();
    }

    /// Standard error as text.
    public String errorText() {
      return new String(errors, StandardCharsets.UTF_8);
    }
  }

  /// Runs it to its end.
  ///
  /// @throws AssertionError with all output, if the exit code is not the expected one
  /// @throws IllegalStateException if it does not end in time; it and its children are killed
  public Result run() {
    Result result = runToAnyEnd();
    if (result.exitCode() != expected) {
      throw new AssertionError(
          "exit code %d instead of %d: %s%n%s%s"
              .formatted(
                  result.exitCode(),
                  expected,
                  String.join(" ", line),
                  result.text(),
                  result.errorText()));
    }
    return result;
  }

  Result runToAnyEnd() {
    try {
      Path files = Files.createTempDirectory("overpak-command");
      Path out = files.resolve("out");
      Path err = files.resolve("err");
      try {
        var builder =
            new ProcessBuilder(line)
                .redirectInput(input.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        if (directory != null) {
          builder.directory(directory.toFile());
        }
        int exitCode = await(builder.start(), out, err);
        return new Result(exitCode, Files.readAllBytes(out), Files.readAllBytes(err));
      } finally {
        for (Path file : List.of(out, err, files)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int await(Process process, Path out, Path err) throws IOException {
    try {
      if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw new IllegalStateException(
          "no end after %s: %s%n%s%s"
              .formatted(
                  timeout, String.join(" ", line), Files.readString(out), Files.readString(err)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + String.join(" ", line), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
