package org.overpak.sandbox;

import java.nio.file.Path;
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
/// @param mounts files and directories of the machine that it finds, read-only, at these absolute
///   paths below `/run`
/// @param packaging whether it is a package manager, which may give files capabilities
/// @param limit when it is killed
public record SandboxCommand(
    List<String> arguments,
    SortedMap<String, String> environment,
    String directory,
    Content input,
    SortedMap<String, Content> files,
    SortedMap<String, Path> mounts,
    boolean packaging,
    Duration limit) {
  /// Where a command finds the files that come with it.
  public static final String FILES = "/run/overpak";

  public SandboxCommand {
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    mounts = Collections.unmodifiableSortedMap(new TreeMap<>(mounts));
  }

  /// In `/`, without input, for at most ten minutes.
  public static SandboxCommand of(String... arguments) {
    return new SandboxCommand(
        Arrays.asList(arguments),
        Collections.emptySortedMap(),
        "/",
        Content.of(""),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        false,
        Duration.ofMinutes(10));
  }

  /// All variables that it finds.
  public SortedMap<String, String> variables() {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("HOME", "/root");
    all.put("LC_ALL", "C.UTF-8");
    all.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    all.putAll(environment);
    return all;
  }

  public SandboxCommand with(String variable, String value) {
    var all = new TreeMap<>(environment);
    all.put(variable, value);
    return new SandboxCommand(arguments, all, directory, input, files, mounts, packaging, limit);
  }

  public SandboxCommand in(String newDirectory) {
    return new SandboxCommand(
        arguments, environment, newDirectory, input, files, mounts, packaging, limit);
  }

  public SandboxCommand withInput(Content newInput) {
    return new SandboxCommand(
        arguments, environment, directory, newInput, files, mounts, packaging, limit);
  }

  /// @param name a path below {@link #FILES}, which is not from a stranger
  public SandboxCommand withFile(String name, Content content) {
    var all = new TreeMap<>(files);
    all.put(name, content);
    return new SandboxCommand(
        arguments, environment, directory, input, all, mounts, packaging, limit);
  }

  /// @param path where the command finds FILE, a directory perhaps
  public SandboxCommand withMount(String path, Path file) {
    var all = new TreeMap<>(mounts);
    all.put(path, file);
    return new SandboxCommand(
        arguments, environment, directory, input, files, all, packaging, limit);
  }

  public SandboxCommand forPackaging() {
    return new SandboxCommand(arguments, environment, directory, input, files, mounts, true, limit);
  }

  public SandboxCommand within(Duration newLimit) {
    return new SandboxCommand(
        arguments, environment, directory, input, files, mounts, packaging, newLimit);
  }
}
