package org.overpak.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.build.AppBuild;
import org.overpak.build.BuiltApp;
import org.overpak.build.LocalInstallation;
import org.overpak.build.SourceWatch;
import org.overpak.flatpak.Ref;

/// Builds an app or extension, installs it, starts an app, and again at each change of what it is
/// made from.
///
/// What cannot be built or installed is said, and the app that runs goes on, until it is mended.
final class WatchedBuild {
  private final Console console;
  private final LocalInstallation installation;
  private @Nullable AppProcess app;

  WatchedBuild(Console console, LocalInstallation installation) {
    this.console = console;
    this.installation = installation;
  }

  /// Ends only by an interruption.
  ///
  /// @param spec watched also where it cannot be read
  /// @param request read anew for each build
  void run(Path spec, Supplier<AppBuild.Request> request) {
    List<Path> sources = List.of(spec);
    try {
      while (true) {
        try (var watch = SourceWatch.of(sources)) {
          try {
            AppBuild.Request current = request.get();
            List<Path> all = SourceWatch.sources(spec, current);
            if (!all.equals(sources)) {
              sources = all;
              continue;
            }
            build(current);
          } catch (OverpakException e) {
            show(e);
          }
          watch.await();
        }
      }
    } finally {
      stop();
    }
  }

  private void build(AppBuild.Request request) {
    long begin = System.nanoTime();
    BuiltApp built = AppBuild.run(request, Progress.SILENT);
    Duration building = Duration.ofNanos(System.nanoTime() - begin);
    LocalInstallation.Installed installed = installation.install(built.image().name());
    stop();
    if (installed.ref().kind() == Ref.Kind.APP) {
      app = AppProcess.start(installation, installed.ref(), List.of());
    }
    built.notes().forEach(note -> say("note: " + note));
    say(
        "%s: %s in all: built in %s, prepared in %s, installed by Flatpak in %s; waiting for a change"
            .formatted(
                installed.ref(),
                seconds(Duration.ofNanos(System.nanoTime() - begin)),
                seconds(building),
                seconds(installed.preparing()),
                seconds(installed.installing())));
  }

  private void show(OverpakException failure) {
    if (failure.exitCode() == ExitCode.INTERRUPTED) {
      throw failure;
    }
    new ErrorRendering(console, () -> false).show(failure);
    say("waiting for a change");
  }

  private void stop() {
    if (app != null) {
      app.close();
      app = null;
    }
  }

  private void say(String text) {
    console.err().println("overpak: " + text);
    console.err().flush();
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
  }
}
