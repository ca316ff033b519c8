package org.overpak.build;

import java.util.List;
import org.overpak.install.ScriptedOverlay;

/// The native engine: only what the runtime lacks is installed, over the runtime. It is unpacked,
/// and a sandbox needed, only if there is something to run.
record OnTopInstall(BuildContext context, AppPlan plan) implements AppInstall {
  @Override
  public InstalledApp install(long timestamp) {
    ScriptedOverlay app =
        ScriptedOverlay.of(
            plan.overlay(),
            new ScriptedOverlay.Scripts(
                plan.transaction(),
                context.spec().cleanupCommands(),
                context.request().failures(),
                timestamp),
            context::sandbox,
            context.progress());
    return new InstalledApp(
        app.subtree(plan.prefix()),
        List.copyOf(app.changesOutside(plan.prefix())),
        app.warnings(),
        app::close);
  }
}
