package org.overpak.cli;

import java.nio.file.Path;
import org.overpak.build.LayoutConversion;
import org.overpak.oci.ImageName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "convert",
    description = "Rearranges a runtime image for Flatpak alone, or for container engines too.",
    footerHeading = "%nExample:%n",
    footer = "  overpak convert --layout hybrid oci:plain -o oci:hybrid")
final class ConvertCommand implements Runnable {
  private final Console console;

  @Parameters(
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description = "The image to convert: " + ImageName.READABLE + ".")
  private ImageName image = new ImageName.Layout(Path.of(""), "");

  @Option(names = "--layout", required = true, description = "One of: ${COMPLETION-CANDIDATES}.")
  private LayoutConversion.Layout layout = LayoutConversion.Layout.HYBRID;

  @Mixin private CommonOptions options = new CommonOptions();

  ConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    new Report(console, options)
        .showAlone(
            LayoutConversion.run(
                image,
                layout,
                options.output(),
                options.cache(console.environment()),
                console.progress(options)));
  }
}
