package org.overpak.build;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.Variables;

/// The repositories that a person named for a build.
///
/// @param unchecked ids of those whose packages need no signature
public record RepositoryChoice(List<RepositoryOption> options, Set<String> unchecked) {
  public RepositoryChoice {
    options = List.copyOf(options);
    unchecked = Set.copyOf(unchecked);
  }

  /// The configurations, disabled ones included.
  ///
  /// @param notes hears of what has no effect
  /// @throws OverpakException (USAGE) if two have one id, or an id of UNCHECKED is none of theirs
  List<RepositoryConfig> configs(Variables variables, Consumer<String> notes) {
    List<RepositoryConfig> result =
        options.stream()
            .flatMap(option -> option.configs(variables, notes).stream())
            .map(config -> unchecked.contains(config.id()) ? config.withoutGpgcheck() : config)
            .toList();
    Set<String> ids = new HashSet<>();
    ids.add(LocalPackages.REPOSITORY);
    for (RepositoryConfig config : result) {
      if (!ids.add(config.id())) {
        throw new OverpakException(
            ExitCode.USAGE,
            config.id().equals(LocalPackages.REPOSITORY)
                ? "a repository cannot be called '" + config.id() + "': local files have this name"
                : "two repositories are called '" + config.id() + "'",
            "Leave out one of them, or rename it.");
      }
    }
    ids.remove(LocalPackages.REPOSITORY);
    unchecked.stream()
        .filter(id -> !ids.contains(id))
        .sorted()
        .findFirst()
        .ifPresent(
            id -> {
              throw new OverpakException(
                  ExitCode.USAGE,
                  "--no-gpgcheck names '" + id + "', but no repository is called so",
                  "Use one of: " + String.join(", ", new TreeSet<>(ids)) + ".");
            });
    return result;
  }
}
