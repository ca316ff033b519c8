package org.overpak.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.RepositoryChoice;
import org.overpak.build.RepositoryOption;
import org.overpak.repo.RepositoryConfig;
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
    return new RepositoryChoice(repositoryOptions(), unchecked);
  }

  private List<RepositoryOption> repositoryOptions() {
    Map<String, List<String>> keysByName = new HashMap<>();
    for (String key : keys) {
      int equals = key.indexOf('=');
      if (equals < 1) {
        throw new OverpakException(
            ExitCode.USAGE,
            "--gpgkey '" + key + "' does not say for which repository",
            "Write --gpgkey NAME=FILE.");
      }
      keysByName
          .computeIfAbsent(key.substring(0, equals), _ -> new ArrayList<>())
          .add(key.substring(equals + 1));
    }
    List<RepositoryOption> result = new ArrayList<>();
    for (String text : repositories) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        result.add(new RepositoryOption.ConfigFile(Path.of(text)));
      } else {
        List<String> own = keysByName.remove(text.substring(0, equals));
        result.add(
            new RepositoryOption.Named(
                text,
                own == null
                    ? List.of()
                    : own.stream().map(RepositoryConfig::parseLocation).toList()));
      }
    }
    keysByName.keySet().stream()
        .sorted()
        .findFirst()
        .ifPresent(
            name -> {
              throw new OverpakException(
                  ExitCode.USAGE,
                  "--gpgkey is for '" + name + "', but no --repo " + name + "=… is given",
                  "Keys of a .repo file stand in it, as gpgkey.");
            });
    return result;
  }
}
