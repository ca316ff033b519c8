package org.overpak.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.oci.ImageName;
import picocli.CommandLine.Option;

/// What all commands that make something take.
final class CommonOptions {
  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "IMAGE",
      converter = ImageNames.ToWrite.class,
      description = "Where the image goes: " + ImageName.WRITABLE + "; NAME is its ref by default.")
  private ImageName.Layout output = new ImageName.Layout(Path.of(""), "");

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

  ImageName.Layout output() {
    return output;
  }

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

  /// `SOURCE_DATE_EPOCH`
  /// ([reproducible-builds.org](https://reproducible-builds.org/specs/source-date-epoch/)).
  static OptionalLong timestamp(Map<String, String> environment) {
    String text = environment.getOrDefault("SOURCE_DATE_EPOCH", "");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.matches("[0-9]{1,12}")) {
      throw new OverpakException(
          ExitCode.USAGE,
          "SOURCE_DATE_EPOCH is '" + text + "', which is no number of seconds since 1970",
          "Unset it, or set it to such a number.");
    }
    return OptionalLong.of(Long.parseLong(text));
  }
}
