package org.overpak.cli;

import org.overpak.build.LocalInstallation;
import picocli.CommandLine.Option;

/// For whom Flatpak installs.
final class InstallOptions {
  @Option(names = "--system", description = "Install for all users, not only for this one.")
  private boolean system;

  LocalInstallation installation(Console console, ReportOptions options) {
    return new LocalInstallation(
        system ? LocalInstallation.Scope.SYSTEM : LocalInstallation.Scope.USER,
        options.cache(console.environment()),
        console.progress(options));
  }
}
