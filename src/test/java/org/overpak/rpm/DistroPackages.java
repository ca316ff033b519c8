package org.overpak.rpm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.overpak.testing.Project;

/// The packages of the test distribution.
final class DistroPackages {
  private DistroPackages() {}

  /// All files below DIRECTORY of the distribution's repositories, sorted.
  static List<Path> of(String directory) {
    try (var files = Files.walk(Project.distro().resolve("repos").resolve(directory))) {
      return files.filter(file -> file.toString().endsWith(".rpm")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many packages the runtime has, its key not counted.
  static int installed() {
    try (var lines = Files.lines(Project.distro().resolve("runtime-installed"))) {
      return (int) lines.filter(line -> !line.startsWith("gpg-pubkey")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
