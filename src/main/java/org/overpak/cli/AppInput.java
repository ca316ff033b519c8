package org.overpak.cli;

import java.nio.file.Path;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What an app is made from: its spec, and the runtime it goes on top of.
final class AppInput {
  @Parameters(index = "0", paramLabel = "SPEC", description = "The container.yaml of the app.")
  private Path spec = Path.of("");

  @Option(
      names = "--runtime",
      required = true,
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description = "The image of the runtime: " + ImageName.READABLE + ".")
  private ImageName runtime = new ImageName.Layout(Path.of(""), "");

  ContainerSpec spec() {
    return ContainerSpec.read(spec);
  }

  /// What files that the spec names are relative to.
  Path directory() {
    return directoryOf(spec);
  }

  static Path directoryOf(Path spec) {
    Path parent = spec.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  Path specFile() {
    return spec;
  }

  ImageName runtime() {
    return runtime;
  }
}
