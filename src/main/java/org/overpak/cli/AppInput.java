package org.overpak.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is built: the spec, and the runtime that an app goes on top of.
final class AppInput {
  @Parameters(
      index = "0",
      paramLabel = "SPEC",
      description = "The container.yaml of what is built.")
  private Path spec = Path.of("");

  @Option(
      names = "--runtime",
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description =
          "The image of the runtime that an app or extension goes on top of: "
              + ImageName.READABLE
              + ".")
  private @Nullable ImageName runtime;

  @Option(
      names = "--extends",
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description = "Of an extension of an app, the image of that app, which is on the runtime.")
  private @Nullable ImageName extended;

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
    if (runtime == null) {
      throw new OverpakException(
          ExitCode.USAGE,
          "an app is built on a runtime, and none is given",
          "Name its image: --runtime IMAGE.");
    }
    return runtime;
  }

  /// What an extension extends, if it is no runtime.
  @Nullable ImageName extended() {
    return extended;
  }

  /// Refuses a runtime for what is one itself.
  void requireNoRuntime() {
    if (runtime != null) {
      throw new OverpakException(
          ExitCode.USAGE,
          "--runtime " + runtime + " is out of place: the spec is of a runtime itself",
          "Leave out --runtime; for an app, remove 'build-runtime' from the spec.");
    }
  }
}
