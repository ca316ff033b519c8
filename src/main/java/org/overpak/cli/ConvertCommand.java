package org.overpak.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.build.CommitExport;
import org.overpak.build.FlatpakName;
import org.overpak.build.LayoutChoice;
import org.overpak.build.LayoutConversion;
import org.overpak.oci.ImageName;
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
  private LayoutChoice.@Nullable Layout layout;

  @Mixin private CompressionOption compression = new CompressionOption();
  @Mixin private OstreeArguments ostree = new OstreeArguments();
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
        LayoutChoice target = ostree.choice(layout, compression, console.environment());
        report.showAlone(LayoutConversion.run(name, target, options.output(), cache, progress));
      }
      case FlatpakName.InRepository(Path directory, String ref) -> {
        requireNoLayout();
        if (!ref.isEmpty()) {
          throw usage(
              "a repository has each Flatpak under its own ref", "Leave out ':" + ref + "'.");
        }
        report.show(
            CommitExport.toRepository(
                name, directory, ostree.options(console.environment()), cache, progress));
      }
      case FlatpakName.Bundle(Path file) -> {
        requireNoLayout();
        report.show(
            CommitExport.toBundle(
                name, file, ostree.options(console.environment()), cache, progress));
      }
    }
  }

  private void requireNoLayout() {
    if (layout != null) {
      throw usage("only images have layouts", "Leave out --layout.");
    }
    if (compression.given().isPresent()) {
      throw usage("only images have layers to compress", "Leave out --compression.");
    }
    ostree.requireNoSeparateLayer();
  }

  private static OverpakException usage(String message, String advice) {
    return new OverpakException(ExitCode.USAGE, message, advice);
  }
}
