package org.overpak.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.overpak.Progress;

/// Where a command writes: results to `out`, everything that is about the run to `err`.
///
/// @param terminal the device that `err` writes to, null if that is no terminal
/// @param environment the variables that decide how things look, and where caches are
record Console(
    PrintWriter out, PrintWriter err, @Nullable Path terminal, Map<String, String> environment) {
  private static final int DEFAULT_WIDTH = 80;

  Console {
    environment = Map.copyOf(environment);
  }

  /// The console of this process, in UTF-8 whatever the locale says.
  static Console ofProcess() {
    return new Console(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        terminalOf(Path.of("/proc/self/fd/2")),
        System.getenv());
  }

  private static @Nullable Path terminalOf(Path descriptor) {
    try {
      Path device = Files.readSymbolicLink(descriptor);
      return device.startsWith("/dev") && !device.endsWith("null") ? device : null;
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  boolean isTerminal() {
    return terminal != null;
  }

  /// Whether colours are wanted: on a terminal, unless [NO_COLOR](https://no-color.org) is set.
  boolean isColoured() {
    return isTerminal() && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /// Who hears of long work: a person at a terminal, who has not asked for quiet.
  Progress progress(ReportOptions options) {
    return isTerminal() && !options.isQuiet() ? TerminalProgress.on(this) : Progress.SILENT;
  }

  /// The columns that there are for a line of `out`: those of the terminal, if it is one; else as
  /// many as the line has, since programs may read it.
  int widthOfOut() {
    return isTerminal() && Objects.equals(terminal, terminalOf(Path.of("/proc/self/fd/1")))
        ? width()
        : Integer.MAX_VALUE;
  }

  /// The columns of the terminal now; 80 where there is none, or it does not say.
  int width() {
    if (terminal == null) {
      return DEFAULT_WIDTH;
    }
    try {
      var stty = new ProcessBuilder("stty", "-F", terminal.toString(), "size").start();
      stty.getOutputStream().close();
      var answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int columns = Integer.parseInt(answer.strip().replaceFirst(".* ", ""));
      return columns >= 20 ? columns : DEFAULT_WIDTH;
    } catch (IOException | NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }
}
