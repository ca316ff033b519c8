package org.overpak.cli;

import java.util.ArrayList;
import java.util.List;
import org.overpak.build.AppBuild;
import org.overpak.install.TransactionRun;
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
  @Mixin private RepositoryOptions repositories = new RepositoryOptions();

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
            input.directory(),
            input.runtime(),
            repositories.choice(),
            allowedLeaks,
            lenient ? TransactionRun.Failures.LENIENT : TransactionRun.Failures.STRICT,
            verify,
            options.output(),
            options.cache(console.environment()),
            CommonOptions.timestamp(console.environment()));
    new Report(console, options).show(AppBuild.run(request, console.progress(options)));
  }
}
