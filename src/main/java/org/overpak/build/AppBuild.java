package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.install.TransactionRun;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.TreePath;

/// Builds an app or an extension for its runtime: nothing but `/app`, or where the extension is
/// mounted, ends in the image. By itself it installs on top of the runtime, so that what that has
/// is never downloaded or installed again; other engines get to the same in other ways.
public final class AppBuild {
  private final Request request;
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();

  /// What to build, from what, into what.
  ///
  /// @param extended of an extension of an app, the image of that app
  /// @param directory what files that the spec names are relative to
  /// @param engine who installs the packages, and where
  /// @param allowedLeaks files, or directories with all in them, that may be dropped, besides those
  ///   that the spec allows
  /// @param verify whether scripts are run twice, and must leave the same files
  /// @param anew whether to build even if nothing has changed since the same was built
  /// @param failures what becomes of a script of a package that fails
  /// @param layout of the images, which are made plain
  /// @param cache a directory that builds share
  /// @param timestamp of the image and all in it, in seconds since 1970; where it is empty, the
  ///   time that the newest added package was built
  public record Request(
      ContainerSpec spec,
      Path directory,
      ImageName runtime,
      @Nullable ImageName extended,
      Engine engine,
      RepositoryChoice repositories,
      List<TreePath> allowedLeaks,
      TransactionRun.Failures failures,
      boolean verify,
      boolean anew,
      ImageName output,
      LayoutChoice layout,
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
    var support = new SpecSupport(request.spec());
    support.requireOnRuntime(request.extended());
    support.requireEngine(request.engine());
    try (var work = WorkDirectory.in(request.cache());
        var downloads = new Downloads(request.cache(), DownloadOptions.DEFAULT, progress)) {
      List<Image> images = new ArrayList<>();
      images.add(request.runtime().open(work.path().resolve("runtime")));
      ImageName parent = request.runtime();
      if (request.extended() != null) {
        parent = request.extended();
        images.add(parent.open(work.path().resolve("extended")));
      }
      Optional<BuildMemory> memory =
          BuildMemory.of(request, images.stream().map(Image::digest).toList());
      Optional<BuiltApp> before =
          request.anew() ? Optional.empty() : memory.flatMap(one -> one.recall(downloads));
      if (before.isPresent()) {
        return before.get();
      }
      support.requireBuiltOn(ImageLabels.ref(images.getLast().config().labels()), parent);
      Product product = product(images, work);
      var packages = RuntimePackages.of(product.base());
      BuiltApp built =
          build(
              new BuildContext(request, product, packages, downloads, work, notes::add, progress));
      memory.ifPresent(one -> one.remember(built, packages, downloads, work));
      return built;
    }
  }

  private Product product(List<Image> images, WorkDirectory work) {
    FlatpakSpec spec = request.spec().flatpak();
    var runtime = RuntimeImage.of(images.getFirst(), work, progress);
    if (spec.kind() != FlatpakSpec.Kind.EXTENSION) {
      return new Product.App(spec, runtime);
    }
    return images.size() == 1
        ? Product.Extension.ofRuntime(spec, runtime)
        : Product.Extension.ofApp(spec, runtime, images.getLast(), work, progress);
  }

  private BuiltApp build(BuildContext context) {
    request.spec().notes().forEach(note -> notes.add(note.toString()));
    AppInstall install = request.engine().install(context);
    AppPlan plan = install.plan();
    Selection selection = plan.selection();
    refuseLeaks(plan);
    long timestamp = request.timestamp().orElseGet(plan::newest);
    try (InstalledApp app = install.install(timestamp)) {
      if (request.verify()) {
        verify(app, install, timestamp);
      }
      notes.addAll(app.warnings());
      List<WrittenImage> images =
          context
              .product()
              .finish(app.files(), timestamp, notes::add)
              .write(request.output(), request.layout(), plan.parts(), context.work(), progress);
      return new BuiltApp(
          images.getLast(),
          images.subList(0, images.size() - 1),
          AddedPackage.of(selection),
          satisfied(selection),
          plan.overlay().leaks(),
          app.lost(),
          request.repositories().unchecked().stream().sorted().toList(),
          notes,
          context.installed().isScanned(),
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
      ScriptDifferences.requireNone(
          install.plan().prefix(), app.files().differences(again.files()));
    }
  }

  private void refuseLeaks(AppPlan plan) {
    AllowedLeaks.of(request.spec(), request.allowedLeaks())
        .requireAll(
            plan.overlay().leaks(),
            plan.prefix(),
            nevra ->
                nevra
                    + " is there because "
                    + String.join(", and ", plan.selection().chain(nevra)));
  }
}
