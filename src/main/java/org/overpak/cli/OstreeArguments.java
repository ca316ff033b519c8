package org.overpak.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.LayoutChoice;
import org.overpak.build.OstreeOptions;
import org.overpak.repo.SigningKey;
import picocli.CommandLine.Option;

/// How the ostree layout and repositories are written.
final class OstreeArguments {
  @Option(
      names = "--separate-layer",
      description =
          "In the ostree layout, keep what only Flatpak needs in a layer of its own, for tools that"
              + " rewrite names in layers.")
  private boolean separateLayer;

  @Option(
      names = "--sign",
      paramLabel = "KEY",
      description =
          "Sign commits and summary with the secret OpenPGP key in this file: in the ostree layout,"
              + " repositories and bundles. May be given several times.")
  private List<Path> keys = List.of();

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The file whose first line unlocks the keys.")
  private @Nullable Path passphrase;

  /// LAYOUT, as these and COMPRESSION say it.
  LayoutChoice choice(
      LayoutChoice.Layout layout, CompressionOption compression, Map<String, String> environment) {
    if (layout != LayoutChoice.Layout.OSTREE) {
      requireNoSeparateLayer();
      if (!keys.isEmpty()) {
        throw new OverpakException(
            ExitCode.USAGE,
            "only the ostree layout holds signatures that somebody would verify",
            "Leave out --sign, or add --layout ostree.");
      }
    }
    return new LayoutChoice(layout, options(environment), compression.orDefault());
  }

  void requireNoSeparateLayer() {
    if (separateLayer) {
      throw new OverpakException(
          ExitCode.USAGE,
          "only images of the ostree layout are made of several layers",
          "Leave out --separate-layer.");
    }
  }

  OstreeOptions options(Map<String, String> environment) {
    Instant signed =
        CommonOptions.timestamp(environment).stream()
            .mapToObj(Instant::ofEpochSecond)
            .findFirst()
            .orElseGet(Instant::now);
    char[] secret =
        passphrase == null
            ? new char[0]
            : new String(read(passphrase), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .toCharArray();
    return new OstreeOptions(
        separateLayer,
        keys.stream().map(key -> SigningKey.parse(read(key), secret, key.toString())).toList(),
        signed);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM, file + " cannot be read: " + e.getMessage(), "Check the file.", e);
    }
  }
}
