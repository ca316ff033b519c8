package org.overpak.build;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.overpak.repo.Downloads;
import org.overpak.repo.PackageSource;
import org.overpak.repo.PackageTable;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.RepositoryMetadata;
import org.overpak.repo.RepositoryPackage;
import org.overpak.repo.RepositoryWriter;
import org.overpak.repo.Variables;
import org.overpak.rpm.Nevra;

/// Where source packages are found by the names that binary packages say they were built from.
final class SourceRepositories {
  private static final String ARCHITECTURE = "src";

  private final List<RepositoryMetadata> opened;

  private SourceRepositories(List<RepositoryMetadata> opened) {
    this.opened = opened;
  }

  /// A source package, and where it is to be had.
  record Found(RepositoryPackage metadata, PackageSource file) {}

  /// @throws org.overpak.OverpakException as downloads do
  static SourceRepositories open(
      RepositoryChoice choice, Variables variables, Downloads downloads, Consumer<String> notes) {
    return new SourceRepositories(
        downloads.open(withSources(choice.configs(variables, notes)), notes));
  }

  /// In the place of an enabled repository that of its source packages, if there is one beside it:
  /// `fedora-source` of `fedora`, `x-source-rpms` of `x-rpms`
  /// ([dnf](https://github.com/rpm-software-management/dnf), `RepoDict.enable_source_repos`).
  private static List<RepositoryConfig> withSources(List<RepositoryConfig> configs) {
    Map<String, RepositoryConfig> byId = new HashMap<>();
    configs.forEach(one -> byId.put(one.id(), one));
    Set<String> used = new HashSet<>();
    return configs.stream()
        .filter(RepositoryConfig::enabled)
        .map(
            one -> {
              RepositoryConfig source = byId.get(sourceId(one.id()));
              return source == null ? one : source.withEnabled(true);
            })
        .filter(one -> used.add(one.id()))
        .toList();
  }

  private static String sourceId(String id) {
    return id.endsWith("-rpms") ? id.replaceFirst("-rpms$", "-source-rpms") : id + "-source";
  }

  /// The package whose file is called FILE_NAME, in the first repository that has it.
  ///
  /// @param fileName as `SOURCERPM` has it, `NAME-VERSION-RELEASE.src.rpm`
  Optional<Found> find(String fileName) {
    for (RepositoryMetadata repository : opened) {
      PackageTable packages = repository.packages();
      Optional<RepositoryPackage> found =
          Arrays.stream(packages.named(name(fileName)))
              .filter(position -> isCalled(packages.nevra(position), fileName))
              .mapToObj(packages::get)
              .findFirst();
      if (found.isPresent()) {
        return found.map(one -> new Found(one, repository.source(one)));
      }
    }
    return Optional.empty();
  }

  /// The names of all that has the name of FILE_NAME, in whatever version.
  List<Nevra> others(String fileName) {
    return opened.stream()
        .flatMap(
            repository ->
                Arrays.stream(repository.packages().named(name(fileName)))
                    .mapToObj(repository.packages()::nevra))
        .filter(nevra -> ARCHITECTURE.equals(nevra.arch()))
        .distinct()
        .toList();
  }

  private static boolean isCalled(Nevra nevra, String fileName) {
    return ARCHITECTURE.equals(nevra.arch()) && fileName.equals(RepositoryWriter.fileName(nevra));
  }

  private static String name(String fileName) {
    int release = fileName.lastIndexOf('-');
    int version = release < 0 ? -1 : fileName.lastIndexOf('-', release - 1);
    return version < 0 ? fileName : fileName.substring(0, version);
  }
}
