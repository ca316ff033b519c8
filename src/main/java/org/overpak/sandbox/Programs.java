package org.overpak.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;

/// The programs of the machine that make a sandbox.
final class Programs {
  private Programs() {}

  static boolean has(String name) {
    for (String directory : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, name))) {
        return true;
      }
    }
    return false;
  }
}
