package org.overpak.cli;

import org.overpak.build.AppBuild;
import org.overpak.build.RuntimeBuild;
import org.overpak.spec.FlatpakSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "build",
    description =
        "Builds an app or extension on top of its runtime, or a runtime or SDK from nothing, from RPM"
            + " repositories, into an OCI image.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  overpak build container.yaml --runtime oci:runtime --repo fedora.repo -o oci:app",
      "  overpak build container.yaml --runtime oci:runtime --repo mine=rpms -o oci:app --watch",
      "  overpak build container.yaml --runtime oci:runtime --repo fedora.repo -o oci:app --engine dnf",
      "  overpak build runtime.yaml --repo fedora.repo --releasever 43 -o oci:runtime"
    })
final class BuildCommand implements Runnable {
  private final Console console;

  @Mixin private AppInput input = new AppInput();
  @Mixin private BuildOptions build = new BuildOptions();

  @Option(
      names = "--releasever",
      paramLabel = "VERSION",
      description =
          "For a runtime: what $releasever in .repo files is. For an app its runtime says it.")
  private String releasever = "";

  @Option(
      names = "--watch",
      description =
          "Install the app with Flatpak and start it, and again whenever the spec, a local"
              + " repository or the image of the runtime changes, until interrupted.")
  private boolean watch;

  @Mixin private LayoutOptions layout = new LayoutOptions();
  @Mixin private InstallOptions install = new InstallOptions();
  @Mixin private CommonOptions options = new CommonOptions();

  BuildCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (watch) {
      var installation = install.installation(console, options);
      new WatchedBuild(console, installation).run(input.specFile(), this::appRequest);
    } else if (input.spec().flatpak().kind() == FlatpakSpec.Kind.RUNTIME) {
      input.requireNoRuntime();
      var runtime = RuntimeBuild.run(runtimeRequest(), console.progress(options));
      new Report(console, options).show(runtime);
    } else {
      new Report(console, options).show(AppBuild.run(appRequest(), console.progress(options)));
    }
  }

  private AppBuild.Request appRequest() {
    return build.request(
        input.specFile(),
        input.runtime(),
        input.extended(),
        options.output(),
        layout.ofApp(console.environment()),
        options.cache(console.environment()),
        console.environment());
  }

  private RuntimeBuild.Request runtimeRequest() {
    return build.runtimeRequest(
        input.specFile(),
        releasever,
        options.output(),
        layout.ofRuntime(console.environment()),
        options.cache(console.environment()),
        console.environment());
  }
}
