package org.overpak.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.overpak.build.RepositoryChoice;
import picocli.CommandLine.Option;

/// Where packages come from.
final class RepositoryOptions {
  @Option(
      names = "--repo",
      paramLabel = "REPOSITORY",
      description = "A .repo file, or NAME=URL or NAME=DIRECTORY. May be given several times.")
  private List<String> repositories = new ArrayList<>();

  @Option(
      names = "--gpgkey",
      paramLabel = "NAME=KEY",
      description =
          "A file or URL of an OpenPGP key that signs the packages of the --repo called NAME.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--no-gpgcheck",
      paramLabel = "NAME",
      description = "Do not check the signatures of packages from this repository.")
  private Set<String> unchecked = Set.of();

  RepositoryChoice choice() {
    return new RepositoryArguments("--repo", repositories, "--gpgkey", keys).choice(unchecked);
  }
}
