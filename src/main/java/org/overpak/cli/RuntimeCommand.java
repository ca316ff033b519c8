package org.overpak.cli;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.CheckedRuntime;
import org.overpak.build.Finding;
import org.overpak.build.RuntimeCheck;
import org.overpak.build.RuntimeImport;
import org.overpak.build.RuntimeScan;
import org.overpak.spec.ContainerSpec;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "runtime",
    description = "Makes, checks and scans runtime images.",
    synopsisSubcommandLabel = "COMMAND")
final class RuntimeCommand implements Runnable {
  @Spec private CommandSpec spec = Commands.emptySpec();

  private RuntimeCommand() {}

  static CommandLine create(Console console) {
    return Commands.of(new RuntimeCommand())
        .addSubcommand(Commands.of(new Import(console)))
        .addSubcommand(Commands.of(new Check(console)))
        .addSubcommand(Commands.of(new Scan(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command is given");
  }

  @Command(
      name = "import",
      description =
          "Turns a root in which packages are installed into a runtime image: one for Flatpak that"
              + " container engines can run too.",
      footerHeading = "%nExample:%n",
      footer = "  overpak runtime import /srv/root --spec runtime.yaml -o oci:runtime")
  static final class Import implements Runnable {
    private final Console console;

    @Parameters(paramLabel = "ROOT", description = "The directory with the installed system.")
    private Path root = Path.of("");

    @Option(
        names = "--spec",
        required = true,
        paramLabel = "SPEC",
        description = "The container.yaml of the runtime, with build-runtime: true.")
    private Path spec = Path.of("");

    @Mixin private LayoutOptions layout = new LayoutOptions();
    @Mixin private CommonOptions options = new CommonOptions();

    Import(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      var request =
          new RuntimeImport.Request(
              root,
              ContainerSpec.read(spec),
              options.output(),
              layout.ofRuntime(console.environment()),
              options.cache(console.environment()),
              CommonOptions.timestamp(console.environment()));
      new Report(console, options).show(RuntimeImport.run(request, console.progress(options)));
    }
  }

  @Command(
      name = "check",
      description =
          "Says what a package manager needs in a hybrid image, and whether it is there. Ends with"
              + " 4 if something is wrong.",
      footerHeading = "%nExample:%n",
      footer = "  overpak runtime check oci:runtime")
  static final class Check implements Runnable {
    private final Console console;

    @Mixin private RuntimeArgument runtime = new RuntimeArgument();
    @Mixin private ReportOptions options = new ReportOptions();

    Check(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      CheckedRuntime checked =
          RuntimeCheck.run(
              runtime.image(), options.cache(console.environment()), console.progress(options));
      new Report(console, options).show(checked);
      if (!checked.isUsable()) {
        throw new OverpakException(
            ExitCode.IMAGE,
            runtime.image() + " lacks what a package manager needs: " + wrong(checked),
            "Do what is said above for each.");
      }
    }

    private static String wrong(CheckedRuntime checked) {
      return checked.findings().stream()
          .filter(finding -> finding.verdict() == Finding.Verdict.WRONG)
          .map(finding -> finding.point().title())
          .collect(Collectors.joining(", "));
    }
  }

  @Command(
      name = "scan",
      description =
          "Finds what a runtime provides by its files, as rpm-build would: what apps can require of"
              + " one without an RPM database.",
      footerHeading = "%nExample:%n",
      footer = "  overpak runtime scan oci:freedesktop --json")
  static final class Scan implements Runnable {
    private final Console console;

    @Mixin private RuntimeArgument runtime = new RuntimeArgument();
    @Mixin private ReportOptions options = new ReportOptions();

    Scan(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      new ScanReport(console, options)
          .show(
              RuntimeScan.run(
                  runtime.image(),
                  options.cache(console.environment()),
                  console.progress(options)));
    }
  }
}
