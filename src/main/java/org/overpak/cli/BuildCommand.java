package org.overpak.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.AppBuild;
import org.overpak.build.RepositoryOption;
import org.overpak.install.TransactionRun;
import org.overpak.repo.RepositoryConfig;
import org.overpak.tree.TreePath;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "build",
    description = "Builds an app on top of its runtime, from RPM repositories, into an OCI image.",
    footerHeading = "%nExample:%n",
    footer = "  overpak build container.yaml --runtime oci:runtime --repo fedora.repo -o oci:app")
final class BuildCommand implements Runnable {
  private final Console console;

  @Mixin private AppInput input = new AppInput();

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

  @Option(
      names = "--allow-leak",
      paramLabel = "PATH",
      converter = LeakPath.class,
      description =
          "Drop this file, or all in this directory, which packages install outside /app.")
  private List<TreePath> allowedLeaks = new ArrayList<>();

  @Option(
      names = "--lenient-scriptlets",
      description =
          "Only warn of scripts of packages that fail, as rpm 4 does, unless it is a %%pre or"
              + " %%pretrans.")
  private boolean lenient;

  @Option(
      names = "--verify",
      description =
          "Run scripts twice, and fail if they do not leave the same files, saying which differ.")
  private boolean verify;

  @Mixin private CommonOptions options = new CommonOptions();

  BuildCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    var request =
        new AppBuild.Request(
            input.spec(),
            input.runtime(),
            repositoryOptions(),
            unchecked,
            allowedLeaks,
            lenient ? TransactionRun.Failures.LENIENT : TransactionRun.Failures.STRICT,
            verify,
            options.output(),
            options.cache(console.environment()),
            CommonOptions.timestamp(console.environment()));
    new Report(console, options).show(AppBuild.run(request, console.progress(options)));
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
