package org.overpak.cli;

import java.util.List;
import org.overpak.build.AppResolution;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "why",
    description = "Shows how a package comes into an app: the chain from the spec down to it.",
    footerHeading = "%nExample:%n",
    footer = {
      "  overpak why container.yaml libpng --runtime oci:runtime --repo fedora.repo",
      "  overpak why container.yaml 'libpng16.so.16()(64bit)' --runtime oci:runtime --repo fedora.repo"
    })
final class WhyCommand implements Runnable {
  private final Console console;

  @Mixin private AppInput input = new AppInput();
  @Mixin private RepositoryOptions repositories = new RepositoryOptions();

  @Parameters(
      index = "1",
      paramLabel = "WHAT",
      description = "A package as in the spec, a capability, or a file with its whole path.")
  private String what = "";

  @Mixin private ReportOptions options = new ReportOptions();

  WhyCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    List<AppResolution.Why> answer =
        AppResolution.run(
            ResolveCommand.request(input, repositories, options, console),
            console.progress(options),
            resolution -> resolution.why(what));
    new ResolutionReport(console, options).show(answer);
  }
}
