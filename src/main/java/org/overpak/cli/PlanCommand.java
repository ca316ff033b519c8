package org.overpak.cli;

import org.overpak.build.RebuildPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "plan",
    description =
        "Shows which source packages must be built again for /app so that an app can be built from"
            + " them, and in which order.",
    footerHeading = "%nExample:%n",
    footer = {
      "  overpak plan container.yaml --runtime oci:runtime --sdk oci:sdk --repo fedora.repo \\",
      "    --source-repo fedora.repo --json"
    })
final class PlanCommand implements Runnable {
  private final Console console;

  @Mixin private RebuildInput input = new RebuildInput();
  @Mixin private ReportOptions options = new ReportOptions();

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    RebuildPlan plan =
        RebuildPlan.run(
            input.request(options.cache(console.environment())), console.progress(options));
    new PlanReport(console, options).show(plan);
  }
}
