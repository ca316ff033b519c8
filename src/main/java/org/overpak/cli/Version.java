package org.overpak.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// The version that the build wrote beside this class.
final class Version implements IVersionProvider {

  static String text() {
    try (var stream = Objects.requireNonNull(Version.class.getResourceAsStream("version"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {"overpak " + text()};
  }
}
