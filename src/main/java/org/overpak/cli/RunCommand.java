package org.overpak.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.AppBuild;
import org.overpak.build.LayoutChoice;
import org.overpak.build.LocalInstallation;
import org.overpak.oci.ImageName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    description = {
      "Installs an app with the Flatpak of this machine and starts it. Ends with the exit code of"
          + " the app.",
      "%nOf a spec, the app is built first; the options of a build are for that."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  overpak run oci:app -- --help",
      "  overpak run container.yaml --runtime oci:runtime --repo fedora.repo"
    })
final class RunCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "IMAGE|SPEC",
      description = "An image (" + ImageName.READABLE + "), or the container.yaml of an app.")
  private String name = "";

  @Parameters(
      index = "1..*",
      paramLabel = "ARGUMENT",
      description = "What the app is started with; put them behind '--'.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--runtime",
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description = "Of a spec, the image of the runtime.")
  private @Nullable ImageName runtime;

  @Mixin private BuildOptions build = new BuildOptions();
  @Mixin private InstallOptions install = new InstallOptions();
  @Mixin private ReportOptions options = new ReportOptions();

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    LocalInstallation installation = install.installation(console, options);
    LocalInstallation.Installed installed =
        name.matches(".*\\.ya?ml")
            ? installation.install(this::build)
            : installation.install(ImageName.parse(name));
    return AppProcess.start(installation, installed.ref(), arguments).await();
  }

  private ImageName build(ImageName.Layout output) {
    if (runtime == null) {
      throw new OverpakException(
          ExitCode.USAGE, "to build an app its runtime is needed", "Give --runtime IMAGE.");
    }
    AppBuild.Request request =
        build.request(
            Path.of(name),
            runtime,
            null,
            output,
            LayoutChoice.PLAIN,
            options.cache(console.environment()),
            console.environment());
    return AppBuild.run(request, console.progress(options)).image().name();
  }
}
