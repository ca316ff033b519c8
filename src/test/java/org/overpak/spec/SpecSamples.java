package org.overpak.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.overpak.testing.Project;

/// The specs in `src/test/resources/org/overpak/spec`: together every key in every form.
final class SpecSamples {
  private SpecSamples() {}

  static Path directory() {
    return Project.directory().resolve("src/test/resources/org/overpak/spec");
  }

  static List<Path> all() {
    try (var files = Files.list(directory())) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ContainerSpec read(String name) {
    return ContainerSpec.read(directory().resolve(name + ".yaml"));
  }
}
