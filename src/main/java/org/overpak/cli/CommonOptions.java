package org.overpak.cli;

import java.util.Map;
import java.util.OptionalLong;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.FlatpakName;
import org.overpak.oci.ImageName;
import picocli.CommandLine.Option;

/// What all commands that make something take.
final class CommonOptions extends ReportOptions {
  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "IMAGE",
      description = "Where the image goes: " + ImageName.WRITABLE + "; NAME is its ref by default.")
  private String output = "";

  ImageName output() {
    return new ImageNames.ToWrite().convert(output);
  }

  /// The output of a command that can write more than images.
  FlatpakName destination() {
    return FlatpakName.parse(output);
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
