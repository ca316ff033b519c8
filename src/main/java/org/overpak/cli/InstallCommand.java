package org.overpak.cli;

import java.nio.file.Path;
import org.overpak.oci.ImageName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "install",
    description = {
      "Installs an image with the Flatpak of this machine, or updates what is installed.",
      "%nExtensions that were split off an app come with it, if they are in the same layout: of"
          + " translations, Flatpak takes the user's languages."
    },
    footerHeading = "%nExample:%n",
    footer = "  overpak install oci:app")
final class InstallCommand implements Runnable {
  private final Console console;

  @Parameters(
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description = "What to install: " + ImageName.READABLE + ".")
  private ImageName name = new ImageName.Layout(Path.of(""), "");

  @Mixin private InstallOptions install = new InstallOptions();
  @Mixin private ReportOptions options = new ReportOptions();

  InstallCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    new Report(console, options).show(install.installation(console, options).install(name));
  }
}
