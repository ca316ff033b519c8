package org.overpak.build;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.overpak.build.InstallerRun.Repository;
import org.overpak.tree.Content;

/// How rpm alone is run in the sandbox, where no package manager is: what there is to install was
/// resolved by us, and is handed to it as files, in one transaction, the order of which is rpm's.
///
/// The words are those of rpm(8).
///
/// @param repositories that the packages are from
/// @param registered files of packages that are there but in no RPM database, for which their
///   triggers are to run; empty if there is a database
/// @param isChecked whether rpm can know what is there, and so checks what is required
record RpmRun(List<Repository> repositories, List<String> registered, boolean isChecked)
    implements InstallerCommands {
  static final String PROGRAM = "rpm";

  RpmRun {
    repositories = List.copyOf(repositories);
    registered = List.copyOf(registered);
  }

  @Override
  public SortedMap<String, Content> files() {
    SortedMap<String, Content> files = new TreeMap<>();
    repositories.forEach(repository -> files.putAll(repository.keyFiles()));
    return files;
  }

  @Override
  public SortedMap<String, String> environment() {
    return new TreeMap<>();
  }

  /// @param packages files
  @Override
  public List<List<String>> commands(List<String> packages) {
    List<List<String>> commands = new ArrayList<>(imports(repositories));
    if (!registered.isEmpty()) {
      commands.add(install(registered, "--justdb", "--nodeps", "--noscripts", "--notriggers"));
    }
    commands.add(isChecked ? install(packages) : install(packages, "--nodeps"));
    return commands;
  }

  /// Commands that let rpm trust the keys of REPOSITORIES.
  static List<List<String>> imports(List<Repository> repositories) {
    return repositories.stream()
        .flatMap(repository -> repository.keyFiles().keySet().stream())
        .map(name -> List.of(PROGRAM, "--import", InstallerRun.inSandbox(name)))
        .toList();
  }

  private List<String> install(List<String> packages, String... options) {
    // An SDK may be configured to leave documentation out, and to want signatures.
    List<String> words = new ArrayList<>(List.of(PROGRAM, "--install", "--includedocs"));
    if (!repositories.stream().allMatch(Repository::gpgcheck)) {
      words.add("--nosignature");
    }
    words.addAll(List.of(options));
    return Stream.concat(words.stream(), packages.stream()).toList();
  }
}
