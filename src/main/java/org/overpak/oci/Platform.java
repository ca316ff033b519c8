package org.overpak.oci;

import java.util.Locale;

/// What an image runs on, as an index says it ([image-spec,
/// image-index](https://github.com/opencontainers/image-spec/blob/main/image-index.md)), in Go's
/// names. Variants of processors are passed over.
record Platform(String os, String architecture) {
  static final Platform OF_THIS_MACHINE = new Platform("linux", architectureOfThisMachine());

  /// That of a descriptor; of one that says nothing, nothing.
  static Platform of(JsonDocument descriptor) {
    JsonDocument platform =
        descriptor.object("platform").orElse(JsonDocument.empty(descriptor.where()));
    return new Platform(platform.text("os").orElse(""), platform.text("architecture").orElse(""));
  }

  private static String architectureOfThisMachine() {
    String java = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (java) {
      case "aarch64" -> "arm64";
      case "x86_64" -> "amd64";
      default -> java;
    };
  }

  @Override
  public String toString() {
    return os.isEmpty() && architecture.isEmpty() ? "nothing" : os + "/" + architecture;
  }
}
