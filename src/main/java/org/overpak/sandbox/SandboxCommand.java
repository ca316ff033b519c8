package org.overpak.sandbox;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.tree.Content;

/// A command for the sandbox.
///
/// @param arguments the program, as the sandbox sees it, and its arguments
/// @param environment besides `LC_ALL`, `PATH` and `HOME`, which it may replace
/// @param directory in which it starts
/// @param input what it reads from standard input; then that ends
/// @param files that it finds in {@link #FILES}, read-only and executable, by their paths there
/// @param limit when it is killed
public record SandboxCommand(
    List<String> arguments,
    SortedMap<String, String> environment,
    String directory,
    Content input,
    SortedMap<String, Content> files,
    Duration limit) {
  /// Where a command finds the files that come with it.
  public static final String FILES = "/run/overpak";

  public SandboxCommand {
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /// In `/`, without input, for at most ten minutes.
  public static SandboxCommand of(String... arguments) {
    return new SandboxCommand(
        Arrays.asList(arguments),
        Collections.emptySortedMap(),
        "/",
        Content.of(""),
        Collections.emptySortedMap(),
        Duration.ofMinutes(10));
  }

  public SandboxCommand with(String variable, String value) {
    var all = new TreeMap<>(environment);
    all.put(variable, value);
    return new SandboxCommand(arguments, all, directory, input, files, limit);
  }

  public SandboxCommand in(String newDirectory) {
    return new SandboxCommand(arguments, environment, newDirectory, input, files, limit);
  }

  public SandboxCommand withInput(Content newInput) {
    return new SandboxCommand(arguments, environment, directory, newInput, files, limit);
  }

  /// @param name a path below {@link #FILES}, which is not from a stranger
  public SandboxCommand withFile(String name, Content content) {
    var all = new TreeMap<>(files);
    all.put(name, content);
    return new SandboxCommand(arguments, environment, directory, input, all, limit);
  }

  public SandboxCommand within(Duration newLimit) {
    return new SandboxCommand(arguments, environment, directory, input, files, newLimit);
  }
}
