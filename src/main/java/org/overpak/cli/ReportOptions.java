package org.overpak.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What all commands that report something take.
class ReportOptions {
  @Option(
      names = "--cache",
      paramLabel = "DIRECTORY",
      description =
          "Where downloads and prepared files are kept between builds (default:"
              + " $XDG_CACHE_HOME/overpak, or ~/.cache/overpak).")
  private @Nullable Path cache;

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress and no summary.")
  private boolean quiet;

  /// The cache that was asked for, or the user's, as the XDG base directory specification has it.
  Path cache(Map<String, String> environment) {
    if (cache != null) {
      return cache.toAbsolutePath();
    }
    String base = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path home = Path.of(environment.getOrDefault("HOME", "/"));
    return (base.startsWith("/") ? Path.of(base) : home.resolve(".cache")).resolve("overpak");
  }

  boolean isJson() {
    return json;
  }

  boolean isQuiet() {
    return quiet;
  }
}
