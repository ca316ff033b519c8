package org.overpak.cli;

import java.util.ArrayList;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.IndexAssembly;
import org.overpak.oci.ImageName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "index",
    description = {
      "Makes one image for several architectures of the images for each.",
      "%nOUTPUT is a layout with a name, which the index gets; the images are there under their refs,"
          + " too. 'skopeo copy --all' takes the index to a registry."
    },
    footerHeading = "%nExample:%n",
    footer = "  overpak index oci:app-x86_64 oci:app-aarch64 -o oci:app:stable")
final class IndexCommand implements Runnable {
  private final Console console;

  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      converter = ImageNames.ToRead.class,
      description = "Images of one Flatpak: " + ImageName.READABLE + ".")
  private List<ImageName> images = new ArrayList<>();

  @Mixin private CommonOptions options = new CommonOptions();

  IndexCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (!(options.output() instanceof ImageName.Layout output)) {
      throw new OverpakException(
          ExitCode.USAGE, "an index is written into a layout only", "Write oci:DIRECTORY:NAME.");
    }
    new Report(console, options)
        .show(IndexAssembly.run(images, output, options.cache(console.environment())));
  }
}
