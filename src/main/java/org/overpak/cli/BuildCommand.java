package org.overpak.cli;

import org.overpak.build.AppBuild;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "build",
    description = "Builds an app on top of its runtime, from RPM repositories, into an OCI image.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  overpak build container.yaml --runtime oci:runtime --repo fedora.repo -o oci:app",
      "  overpak build container.yaml --runtime oci:runtime --repo mine=rpms -o oci:app --watch"
    })
final class BuildCommand implements Runnable {
  private final Console console;

  @Mixin private AppInput input = new AppInput();
  @Mixin private BuildOptions build = new BuildOptions();

  @Option(
      names = "--watch",
      description =
          "Install the app with Flatpak and start it, and again whenever the spec, a local"
              + " repository or the image of the runtime changes, until interrupted.")
  private boolean watch;

  @Mixin private InstallOptions install = new InstallOptions();
  @Mixin private CommonOptions options = new CommonOptions();

  BuildCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (watch) {
      var installation = install.installation(console, options);
      new WatchedBuild(console, installation).run(input.specFile(), this::request);
    } else {
      new Report(console, options).show(AppBuild.run(request(), console.progress(options)));
    }
  }

  private AppBuild.Request request() {
    return build.request(
        input.specFile(),
        input.runtime(),
        options.output(),
        options.cache(console.environment()),
        console.environment());
  }
}
