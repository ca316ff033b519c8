package org.overpak.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// A throwaway installation of Flatpak: its own directories, its own session bus.
public final class FlatpakInstallation {
  private static final Judge FLATPAK = Judge.of("flatpak");

  private static final class Builder {
    static final Judge FLATPAK_BUILDER = Judge.of("flatpak-builder");
  }

  private final Path directory;
  private final String scope;
  private final List<String> before;

  private FlatpakInstallation(Path directory, String scope, List<String> before) {
    this.directory = directory;
    this.scope = scope;
    this.before = before;
  }

  public static FlatpakInstallation user(Path directory) {
    return new FlatpakInstallation(directory, "--user", List.of());
  }

  /// That of the user called NAME, whose DIRECTORY is. As root only.
  public static FlatpakInstallation of(String name, Path directory) {
    return new FlatpakInstallation(
        directory, "--user", List.of("runuser", "-u", name, "--", "env", "HOME=" + directory));
  }

  /// As root only.
  public static FlatpakInstallation system(Path directory) {
    return new FlatpakInstallation(directory, "--system", List.of());
  }

  /// Runs `flatpak --user|--system ARGUMENTS`.
  public Command.Result run(String... arguments) {
    return FLATPAK.run(command("flatpak", arguments));
  }

  /// The same, of an app that ends with CODE.
  public Command.Result runTo(int code, String... arguments) {
    return FLATPAK.run(command("flatpak", arguments).expecting(code));
  }

  /// Runs `flatpak-builder --user|--system ARGUMENTS` in DIRECTORY, where it puts its state.
  public Command.Result build(Path directory, String... arguments) {
    return Builder.FLATPAK_BUILDER.run(command("flatpak-builder", arguments).in(directory));
  }

  /// See {@link Judge#rejects(String, Command)}.
  public Command.Result buildRejects(String what, Path directory, String... arguments) {
    return Builder.FLATPAK_BUILDER.rejects(
        what, command("flatpak-builder", arguments).in(directory));
  }

  /// See {@link Judge#rejects(String, Command)}.
  public Command.Result rejects(String what, String... arguments) {
    return FLATPAK.rejects(what, command("flatpak", arguments));
  }

  /// `flatpak --user|--system run ARGUMENTS` as an argument of another program.
  public Command runOn(List<String> program, String... arguments) {
    Command alone =
        command(
            "flatpak",
            Stream.concat(Stream.of("run"), Stream.of(arguments)).toArray(String[]::new));
    return new Command(
        Stream.concat(program.stream(), alone.line().stream()).toList(),
        null,
        alone.environment(),
        alone.input(),
        alone.timeout(),
        alone.expected());
  }

  private Command command(String program, String... arguments) {
    // The system bus is asked for parental controls; any bus will do.
    List<String> line =
        Stream.of(
                before.stream(),
                Stream.of(
                    "dbus-run-session",
                    "--",
                    "sh",
                    "-c",
                    "DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec \"$@\"",
                    "sh",
                    program,
                    arguments[0],
                    scope),
                Stream.of(arguments).skip(1))
            .flatMap(Function.identity())
            .toList();
    return Command.of(line)
        .with("FLATPAK_USER_DIR", directory.resolve("user").toString())
        .with("FLATPAK_SYSTEM_DIR", directory.resolve("system").toString())
        .with("HOME", directory.toString())
        .within(Duration.ofMinutes(5));
  }
}
