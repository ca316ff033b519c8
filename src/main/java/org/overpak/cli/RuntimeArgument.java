package org.overpak.cli;

import java.nio.file.Path;
import org.overpak.oci.ImageName;
import picocli.CommandLine.Parameters;

/// The runtime that a command looks into.
final class RuntimeArgument {
  @Parameters(
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description = "The image: " + ImageName.READABLE + ".")
  private ImageName image = new ImageName.Layout(Path.of(""), "");

  ImageName image() {
    return image;
  }
}
