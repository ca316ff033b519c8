package org.overpak.build;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.overpak.repo.RepoFile;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.Variables;

/// A repository as a person names it. What it means may depend on the runtime, whose release and
/// architecture `.repo` files may refer to.
public sealed interface RepositoryOption {
  /// The configured repositories, disabled ones included.
  ///
  /// @param notes hears of what has no effect
  List<RepositoryConfig> configs(Variables variables, Consumer<String> notes);

  /// All that a `.repo` file configures.
  record ConfigFile(Path file) implements RepositoryOption {
    @Override
    public List<RepositoryConfig> configs(Variables variables, Consumer<String> notes) {
      RepoFile result = RepoFile.read(file, variables);
      result.notes().forEach(notes);
      return result.repositories();
    }
  }

  /// `NAME=URL_OR_DIRECTORY`, with the keys that may sign its packages.
  record Named(String text, List<URI> keys) implements RepositoryOption {
    public Named {
      keys = List.copyOf(keys);
    }

    @Override
    public List<RepositoryConfig> configs(Variables variables, Consumer<String> notes) {
      return List.of(RepositoryConfig.parseOption(text, keys));
    }
  }
}
