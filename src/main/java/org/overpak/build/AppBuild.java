package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.Overlay;
import org.overpak.install.TransactionRun;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.spec.ContainerSpec;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Builds an app for its runtime: nothing but `/app` ends in the image. By itself it installs on
/// top of the runtime, so that what that has is never downloaded or installed again; other engines
/// get to the same in other ways.
public final class AppBuild {
  private final Request request;
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();

  /// What to build, from what, into what.
  ///
  /// @param directory what files that the spec names are relative to
  /// @param engine who installs the packages, and where
  /// @param allowedLeaks files, or directories with all in them, that may be dropped, besides those
  ///   that the spec allows
  /// @param verify whether scripts are run twice, and must leave the same files
  /// @param anew whether to build even if nothing has changed since the same was built
  /// @param failures what becomes of a script of a package that fails
  /// @param cache a directory that builds share
  /// @param timestamp of the image and all in it, in seconds since 1970; where it is empty, the
  ///   time that the newest added package was built
  public record Request(
      ContainerSpec spec,
      Path directory,
      ImageName runtime,
      Engine engine,
      RepositoryChoice repositories,
      List<TreePath> allowedLeaks,
      TransactionRun.Failures failures,
      boolean verify,
      boolean anew,
      ImageName output,
      Path cache,
      OptionalLong timestamp) {
    public Request {
      allowedLeaks = List.copyOf(allowedLeaks);
    }
  }

  private AppBuild(Request request, Progress progress) {
    this.request = request;
    this.progress = progress;
  }

  /// Builds the image and writes it.
  ///
  /// @throws OverpakException for whatever a person can mend; then nothing was written
  public static BuiltApp run(Request request, Progress progress) {
    return new AppBuild(request, progress).run();
  }

  private BuiltApp run() {
    new SpecSupport(request.spec()).requireApp();
    try (var work = WorkDirectory.in(request.cache());
        var downloads = new Downloads(request.cache(), DownloadOptions.DEFAULT, progress)) {
      Image image = request.runtime().open(work.path().resolve("runtime"));
      Optional<BuildMemory> memory = BuildMemory.of(request, image.digest());
      Optional<BuiltApp> before =
          request.anew() ? Optional.empty() : memory.flatMap(one -> one.recall(downloads));
      if (before.isPresent()) {
        return before.get();
      }
      var runtime = RuntimeImage.of(image, work, progress);
      var packages = RuntimePackages.of(runtime);
      BuiltApp built =
          build(
              new BuildContext(request, runtime, packages, downloads, work, notes::add, progress));
      memory.ifPresent(one -> one.remember(built, packages, downloads, work));
      return built;
    }
  }

  private BuiltApp build(BuildContext context) {
    request.spec().notes().forEach(note -> notes.add(note.toString()));
    new SpecSupport(request.spec()).requireBuiltOn(context.runtime().ref(), request.runtime());
    AppInstall install =
        switch (request.engine()) {
          case NATIVE -> OnTopInstall.of(context);
          case CLEAN -> CleanInstall.of(context);
        };
    AppPlan plan = install.plan();
    Selection selection = plan.selection();
    refuseLeaks(plan.overlay(), selection);
    long timestamp = request.timestamp().orElseGet(plan::newest);
    try (InstalledApp app = install.install(timestamp)) {
      if (request.verify()) {
        verify(app, install, timestamp);
      }
      notes.addAll(app.warnings());
      List<WrittenImage> images = write(context, plan, timestamp, app.files());
      return new BuiltApp(
          images.getLast(),
          images.subList(0, images.size() - 1),
          AddedPackage.of(selection),
          satisfied(selection),
          plan.overlay().leaks(),
          app.lost(),
          request.repositories().unchecked().stream().sorted().toList(),
          notes,
          false);
    }
  }

  private static List<String> satisfied(Selection selection) {
    return selection.satisfied().stream()
        .map(one -> one.spec() + ": already in the runtime (" + one.by() + ")")
        .toList();
  }

  /// All but scripts is the same each time.
  private static void verify(InstalledApp app, AppInstall install, long timestamp) {
    try (InstalledApp again = install.install(timestamp)) {
      ScriptDifferences.requireNone(AppFinish.APP, app.files().differences(again.files()));
    }
  }

  private void refuseLeaks(Overlay overlay, Selection selection) {
    AllowedLeaks.of(request.spec(), request.allowedLeaks())
        .requireAll(
            overlay.leaks(),
            nevra -> nevra + " is there because " + String.join(", and ", selection.chain(nevra)));
  }

  private List<WrittenImage> write(
      BuildContext context, AppPlan plan, long timestamp, FileTree app) {
    RuntimeImage runtime = context.runtime();
    return new AppFinish(context.spec(), runtime.ref(), runtime.metadata(), timestamp, notes::add)
        .finish(app)
        .write(request.output(), plan.parts(), context.work(), progress);
  }
}
