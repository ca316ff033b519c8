package org.overpak.testing;

import java.nio.file.Path;
import java.util.Objects;

/// Where tests find the project's files, whatever their working directory is.
public final class Project {
  private Project() {}

  /// The directory that holds `pom.xml`.
  public static Path directory() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  }

  /// The test distribution that `testing/distro/make` made.
  ///
  /// @throws IllegalStateException if the run was not told of one: a failure, never a skip
  public static Path distro() {
    String directory = System.getProperty("overpak.distro", "");
    if (directory.isEmpty()) {
      throw new IllegalStateException(
          "no test distribution: run ./check, or pass -Doverpak.distro=$(testing/distro/make)");
    }
    return Path.of(Objects.requireNonNull(directory));
  }
}
