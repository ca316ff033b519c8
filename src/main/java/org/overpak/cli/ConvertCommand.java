package org.overpak.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.build.CommitExport;
import org.overpak.build.FlatpakName;
import org.overpak.build.LayoutConversion;
import org.overpak.build.OstreeOptions;
import org.overpak.oci.ImageName;
import org.overpak.repo.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "convert",
    description = {
      "Makes another kind of a Flatpak, whose commit stays what it is: an image for Flatpak alone,"
          + " or for container engines too; a repository that any web server can serve; or a bundle.",
      "%nBeside images, IMAGE may be " + FlatpakName.OTHERS + "."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  overpak convert --layout hybrid oci:plain -o oci:hybrid",
      "  overpak convert --layout ostree oci:runtime -o oci:system",
      "  overpak convert oci:app -o ostree:/srv/www/repo --sign release.key"
    })
final class ConvertCommand implements Runnable {
  private final Console console;

  @Parameters(
      paramLabel = "IMAGE",
      converter = Names.class,
      description = "What to convert: " + ImageName.READABLE + "; " + FlatpakName.OTHERS + ".")
  private FlatpakName name = new FlatpakName.InRepository(Path.of(""), "");

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description = "How the image is arranged, one of: ${COMPLETION-CANDIDATES}.")
  private LayoutConversion.@Nullable Layout layout;

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
          "Sign commits and summary with the secret OpenPGP key in this file. May be given several"
              + " times.")
  private List<Path> keys = List.of();

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The file whose first line unlocks the keys.")
  private @Nullable Path passphrase;

  @Mixin private CommonOptions options = new CommonOptions();

  ConvertCommand(Console console) {
    this.console = console;
  }

  /// Reads names of Flatpaks.
  static final class Names implements ITypeConverter<FlatpakName> {
    @Override
    public FlatpakName convert(String text) {
      return FlatpakName.parse(text);
    }
  }

  @Override
  public void run() {
    var report = new Report(console, options);
    Path cache = options.cache(console.environment());
    Progress progress = console.progress(options);
    switch (options.destination()) {
      case FlatpakName.OfImage _ -> {
        if (layout == null) {
          throw usage("--layout is missing", "Say which layout the image is to have.");
        }
        report.showAlone(
            LayoutConversion.run(name, layout, options.output(), ostree(), cache, progress));
      }
      case FlatpakName.InRepository(Path directory, String ref) -> {
        requireNoLayout();
        if (!ref.isEmpty()) {
          throw usage(
              "a repository has each Flatpak under its own ref", "Leave out ':" + ref + "'.");
        }
        report.show(CommitExport.toRepository(name, directory, ostree(), cache, progress));
      }
      case FlatpakName.Bundle(Path file) -> {
        requireNoLayout();
        report.show(CommitExport.toBundle(name, file, ostree(), cache, progress));
      }
    }
  }

  private void requireNoLayout() {
    if (layout != null || separateLayer) {
      throw usage("only images have layouts", "Leave out --layout and --separate-layer.");
    }
  }

  private static OverpakException usage(String message, String advice) {
    return new OverpakException(ExitCode.USAGE, message, advice);
  }

  private OstreeOptions ostree() {
    Instant signed =
        CommonOptions.timestamp(console.environment()).stream()
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
