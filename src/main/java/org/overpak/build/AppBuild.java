package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.Overlay;
import org.overpak.install.Payload;
import org.overpak.install.ScriptedOverlay;
import org.overpak.install.Transaction;
import org.overpak.install.TransactionRun;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.repo.VerifiedPackage;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.TreePath;

/// Builds an app natively on top of its runtime: what the runtime has is never downloaded or
/// installed again, and nothing but `/app` ends in the image.
public final class AppBuild {
  private final Request request;
  private final FlatpakSpec spec;
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();

  /// What to build, from what, into what.
  ///
  /// @param directory what files that the spec names are relative to
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
    this.spec = request.spec().flatpak();
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
      BuiltApp built = build(runtime, packages, downloads, work);
      memory.ifPresent(one -> one.remember(built, packages, downloads, work));
      return built;
    }
  }

  private BuiltApp build(
      RuntimeImage runtime, RuntimePackages installed, Downloads downloads, WorkDirectory work) {
    request.spec().notes().forEach(note -> notes.add(note.toString()));
    new SpecSupport(request.spec()).requireBuiltOn(runtime.ref(), request.runtime());
    Selection selection = resolver(downloads).over(installed).selection();
    List<VerifiedPackage> packages =
        downloads.fetch(selection.added().stream().map(Selection.Added::source).toList());
    Transaction transaction =
        Transaction.of(
            runtime.packages(), packages.stream().map(one -> one.file().header()).toList());
    Overlay overlay =
        Overlay.of(runtime.root(), payloads(transaction, packages, runtime), AppFinish.APP);
    refuseLeaks(overlay, selection);
    long timestamp = timestamp(packages);
    // The runtime is unpacked, and a sandbox needed, only if there is something to run.
    Supplier<ScriptedOverlay> scripts =
        () ->
            ScriptedOverlay.of(
                overlay,
                new ScriptedOverlay.Scripts(
                    transaction, spec.cleanupCommands(), request.failures(), timestamp),
                () -> runtime.sandbox(work, progress),
                progress);
    try (ScriptedOverlay app = scripts.get()) {
      if (request.verify()) {
        verify(app, scripts);
      }
      notes.addAll(app.warnings());
      List<WrittenImage> images = write(runtime, timestamp, app, work);
      return new BuiltApp(
          images.getLast(),
          images.subList(0, images.size() - 1),
          AddedPackage.of(selection),
          satisfied(selection),
          overlay.leaks(),
          List.copyOf(app.changesOutside(AppFinish.APP)),
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

  private Resolver resolver(Downloads downloads) {
    return new Resolver(
        request.spec(), request.directory(), request.repositories(), downloads, notes::add);
  }

  /// In the order of installation.
  private List<Payload> payloads(
      Transaction transaction, List<VerifiedPackage> packages, RuntimeImage runtime) {
    Map<Nevra, VerifiedPackage> byName = new HashMap<>();
    packages.forEach(one -> byName.put(one.file().header().nevra(), one));
    return transaction.order().stream()
        .map(PackageHeader::nevra)
        .map(
            nevra ->
                new Payload(
                    nevra,
                    spec.splitRefs()
                        .placed(
                            Objects.requireNonNull(byName.get(nevra))
                                .file()
                                .payload(runtime.accounts()))))
        .toList();
  }

  /// All but scripts is the same each time.
  private static void verify(ScriptedOverlay app, Supplier<ScriptedOverlay> scripts) {
    try (ScriptedOverlay again = scripts.get()) {
      ScriptDifferences.requireNone(
          AppFinish.APP, app.subtree(AppFinish.APP).differences(again.subtree(AppFinish.APP)));
    }
  }

  private void refuseLeaks(Overlay overlay, Selection selection) {
    AllowedLeaks.of(request.spec(), request.allowedLeaks())
        .requireAll(
            overlay.leaks(),
            nevra -> nevra + " is there because " + String.join(", and ", selection.chain(nevra)));
  }

  private List<WrittenImage> write(
      RuntimeImage runtime, long timestamp, ScriptedOverlay app, WorkDirectory work) {
    return new AppFinish(spec, runtime.ref(), runtime.metadata(), timestamp, notes::add)
        .finish(app.subtree(AppFinish.APP))
        .write(
            request.output(),
            app.parts().stream().map(AppFinish::pathsInCommit).toList(),
            work,
            progress);
  }

  private long timestamp(List<VerifiedPackage> packages) {
    return request.timestamp().orElseGet(() -> newest(packages));
  }

  /// When the newest of PACKAGES was built, in seconds since 1970.
  static long newest(List<VerifiedPackage> packages) {
    return packages.stream()
        .map(one -> one.file().header())
        .mapToLong(PackageHeader::buildTime)
        .max()
        .orElse(0);
  }
}
