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

/// What options say of repositories.
///
/// @param option that names them, REPOSITORIES are its values: `.repo` files, or `NAME=LOCATION`
/// @param keyOption that names keys, KEYS are its values: `NAME=KEY`
record RepositoryArguments(
    String option, List<String> repositories, String keyOption, List<String> keys) {
  RepositoryArguments {
    repositories = List.copyOf(repositories);
    keys = List.copyOf(keys);
  }

  /// @param unchecked names of those whose packages need no signature
  RepositoryChoice choice(Set<String> unchecked) {
    Map<String, List<String>> keysByName = new HashMap<>();
    for (String key : keys) {
      int equals = key.indexOf('=');
      if (equals < 1) {
        throw new OverpakException(
            ExitCode.USAGE,
            keyOption + " '" + key + "' does not say for which repository",
            "Write " + keyOption + " NAME=FILE.");
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
                  "%s is for '%s', but no %s %s=… is given"
                      .formatted(keyOption, name, option, name),
                  "Keys of a .repo file stand in it, as gpgkey.");
            });
    return new RepositoryChoice(result, unchecked);
  }
}
