package org.overpak.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.Content;

/// How a package manager is run in the sandbox: by a configuration of ours, so that it knows no
/// repositories but those of the build, and trusts for each the keys of that one. They lie in
/// directories; there is no network.
///
/// The words are those of dnf.conf(5), dnf5.conf(5), microdnf(8), zypper(8) and zypp.conf.
///
/// @param weak whether what packages recommend is installed, too
record InstallerRun(PackageInstaller installer, List<Repository> repositories, boolean weak)
    implements InstallerCommands {
  /// Where the sandbox shows the repositories, each in a directory of its name.
  static final String REPOSITORIES = "/run/repositories";

  private static final String CONFIGURATION = "installer.conf";

  InstallerRun {
    repositories = List.copyOf(repositories);
  }

  /// A repository of packages that were verified.
  ///
  /// @param gpgcheck whether its packages must be signed by one of its keys
  /// @param keys files
  record Repository(String id, boolean gpgcheck, List<byte[]> keys) {
    Repository {
      keys = List.copyOf(keys);
    }

    /// Where the sandbox shows it.
    String place() {
      return InstallerRun.place(id);
    }

    /// Its keys, as {@link InstallerCommands#files} has them.
    SortedMap<String, Content> keyFiles() {
      SortedMap<String, Content> files = new TreeMap<>();
      for (int i = 0; i < keys.size(); i++) {
        files.put(id + "-" + i + ".asc", Content.of(keys.get(i)));
      }
      return files;
    }

    private String section() {
      List<String> urls =
          keyFiles().keySet().stream().map(name -> "file://" + inSandbox(name)).toList();
      List<String> lines =
          new ArrayList<>(
              List.of(
                  "[" + id + "]",
                  "name=" + id,
                  "baseurl=file://" + place(),
                  "enabled=1",
                  "gpgcheck=" + (gpgcheck ? 1 : 0),
                  "pkg_gpgcheck=" + (gpgcheck ? 1 : 0),
                  // The metadata is ours, of what was verified.
                  "repo_gpgcheck=0"));
      if (!urls.isEmpty()) {
        lines.add("gpgkey=" + String.join(" ", urls));
      }
      return String.join("\n", lines) + "\n";
    }
  }

  /// Where the sandbox shows the file NAME of {@link #files}.
  static String inSandbox(String name) {
    return SandboxCommand.FILES + "/" + name;
  }

  @Override
  public SortedMap<String, Content> files() {
    SortedMap<String, Content> files = new TreeMap<>();
    var sections = new StringBuilder();
    for (Repository repository : repositories) {
      sections.append(repository.section()).append('\n');
      files.putAll(repository.keyFiles());
    }
    files.put("overpak.repo", Content.of(sections.toString()));
    files.put(CONFIGURATION, Content.of(configuration()));
    return files;
  }

  /// Where the sandbox shows the repository ID.
  static String place(String id) {
    return REPOSITORIES + "/" + id;
  }

  private String configuration() {
    return switch (installer) {
      case DNF, DNF5, MICRODNF ->
          """
          [main]
          reposdir=%s
          cachedir=/tmp/cache
          persistdir=/tmp/state
          logdir=/tmp
          plugins=0
          gpgcheck=1
          best=1
          tsflags=
          install_weak_deps=%d
          """
              .formatted(SandboxCommand.FILES, weak ? 1 : 0);
      case ZYPPER ->
          """
          [main]
          rpm.install.excludedocs = no
          solver.onlyRequires = %s
          """
              .formatted(weak ? "false" : "true");
    };
  }

  @Override
  public SortedMap<String, String> environment() {
    return switch (installer) {
      case DNF, DNF5, MICRODNF -> new TreeMap<>();
      case ZYPPER -> new TreeMap<>(Map.of("ZYPP_CONF", inSandbox(CONFIGURATION)));
    };
  }

  /// @param packages `NAME.ARCH`
  @Override
  public List<List<String>> commands(List<String> packages) {
    return switch (installer) {
      case DNF, DNF5, MICRODNF ->
          List.of(
              words(
                  packages,
                  installer.program(),
                  "--config=" + inSandbox(CONFIGURATION),
                  "install",
                  "--assumeyes"));
      case ZYPPER -> {
        // It asks before it trusts a key that a repository brings.
        List<List<String>> commands = new ArrayList<>(RpmRun.imports(repositories));
        commands.add(
            words(
                packages,
                installer.program(),
                "--non-interactive",
                "--reposd-dir=" + SandboxCommand.FILES,
                "--cache-dir=/tmp/cache",
                "install",
                "--auto-agree-with-licenses",
                weak ? "--recommends" : "--no-recommends"));
        yield commands;
      }
    };
  }

  private static List<String> words(List<String> packages, String... words) {
    return Stream.concat(Stream.of(words), packages.stream()).toList();
  }
}
