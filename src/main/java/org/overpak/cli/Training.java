package org.overpak.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What the build runs once, to fill the AOT cache with the classes that commands need: see
/// `src/main/distribution/Assemble.java`. The commands go as far as they can without packages.
final class Training {
  private static final String SPEC =
      """
      flatpak:
        id: org.example.Training
        runtime-name: flatpak-runtime
        runtime-version: f40
        command: training
        packages: [training]
        finish-args: |-
          --socket=wayland
          --share=network
      """;

  private static final String INDEX =
      """
      {"schemaVersion": 2, "manifests": [{
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "size": 1}]}
      """;

  private Training() {}

  static void main() throws IOException {
    Path directory = Files.createTempDirectory("overpak-training");
    try {
      Path spec = Files.writeString(directory.resolve("container.yaml"), SPEC);
      Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}");
      Files.writeString(directory.resolve("index.json"), INDEX);
      String image = "oci:" + directory;
      run(directory, "--help");
      run(directory, "help", "build");
      run(directory, "build", "--no-such-option");
      run(directory, "build", spec.toString(), "--runtime", image, "--output", image);
      run(
          directory,
          "runtime",
          "import",
          directory.toString(),
          "--spec",
          spec.toString(),
          "-o",
          image);
      run(directory, "convert", image, "--layout", "hybrid", "--output", image);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.toList().reversed()) {
          Files.delete(file);
        }
      }
    }
    Main.main(new String[] {"--version"}); // the process from its first to its last step
  }

  private static void run(Path home, String... arguments) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var console = new Console(nowhere, nowhere, null, Map.of("HOME", home.toString()));
    Overpak.run(console, () -> false, List.of(arguments));
  }
}
