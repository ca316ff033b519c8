package org.overpak.cli;

import org.overpak.build.AppResolution;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "resolve",
    description = "Shows which packages a build would add to the runtime, and why.",
    footerHeading = "%nExample:%n",
    footer = "  overpak resolve container.yaml --runtime oci:runtime --repo fedora.repo")
final class ResolveCommand implements Runnable {
  private final Console console;

  @Mixin private AppInput input = new AppInput();
  @Mixin private RepositoryOptions repositories = new RepositoryOptions();
  @Mixin private ReportOptions options = new ReportOptions();

  ResolveCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    AppResolution resolution =
        AppResolution.run(
            request(input, repositories, options, console), console.progress(options), one -> one);
    new ResolutionReport(console, options).show(resolution);
  }

  static AppResolution.Request request(
      AppInput input, RepositoryOptions repositories, ReportOptions options, Console console) {
    return new AppResolution.Request(
        input.spec(),
        input.directory(),
        input.runtime(),
        input.extended(),
        repositories.choice(),
        options.cache(console.environment()));
  }
}
