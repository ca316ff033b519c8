package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.Leak;
import org.overpak.oci.ImageName;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.RpmDatabase;
import org.overpak.spec.ContainerSpec;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Makes an app of what a container build on its runtime has left in `/app`: the same app as a
/// native build makes of the same packages.
///
/// What a user will run is the app on the runtime as it is; what was tested is the app in the
/// container. Where both may differ, the export fails.
public final class AppExport {
  private final Request request;
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();

  /// What to export, and into what.
  ///
  /// @param source what the container build left
  /// @param runtime what it was built on
  /// @param allowedLeaks files, or directories with all in them, that the app can do without,
  ///   besides those that the spec allows
  /// @param layout as in {@link AppBuild.Request}, like all that follows
  public record Request(
      ContainerSpec spec,
      ExportSource source,
      ImageName runtime,
      List<TreePath> allowedLeaks,
      ImageName output,
      LayoutChoice layout,
      Path cache,
      OptionalLong timestamp) {
    public Request {
      allowedLeaks = List.copyOf(allowedLeaks);
    }
  }

  private AppExport(Request request, Progress progress) {
    this.request = request;
    this.progress = progress;
  }

  /// Makes the image and writes it.
  ///
  /// @throws OverpakException for whatever a person can mend; then nothing was written
  public static ExportedApp run(Request request, Progress progress) {
    return new AppExport(request, progress).run();
  }

  private ExportedApp run() {
    SpecSupport support = new SpecSupport(request.spec());
    support.requireApp();
    request.spec().notes().forEach(note -> notes.add(note.toString()));
    try (var work = WorkDirectory.in(request.cache())) {
      var runtime = RuntimeImage.open(request.runtime(), work, progress);
      support.requireBuiltOn(runtime.ref(), request.runtime());
      boolean isScanned = runtime.scanned().isPresent();
      var container = ContainerRoot.open(request.source(), isScanned, work.path(), progress);
      requireSameRuntime(runtime, container);

      var packages = isScanned ? brought(runtime, container) : added(runtime, container);
      var files = new PackagedFiles(container.root(), packages);
      var allowed = AllowedLeaks.of(request.spec(), request.allowedLeaks());
      List<Leak> leaks = files.outside(AppFinish.APP, runtime.root());
      allowed.requireAll(leaks, AppFinish.APP, _ -> "");
      List<TreePath> lost = changesOutside(runtime, container, files, allowed);

      FileTree app = app(runtime.root(), container.root());
      List<WrittenImage> images = write(runtime, packages, files, app, work);
      return new ExportedApp(
          images.getLast(),
          images.subList(0, images.size() - 1),
          packages.stream().map(InstalledPackage::nevra).toList(),
          files.unowned(app.under(AppFinish.APP)),
          leaks,
          lost,
          notes);
    }
  }

  private void requireSameRuntime(RuntimeImage runtime, ContainerRoot container) {
    if (!container.metadata().equals(runtime.metadata().text())) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "%s was built on another runtime than %s: its /metadata is not that of %s"
              .formatted(request.source(), request.runtime(), runtime.ref()),
          "Give the runtime that its Containerfile names in FROM, or build it on this one.");
    }
    if (!container.layers().isEmpty() && !container.isBuiltOn(runtime.image())) {
      notes.add(
          "%s does not have the layers of %s (%s): its files are compared instead"
              .formatted(request.source(), request.runtime(), runtime.image().digest()));
    }
  }

  /// The packages of a container on a runtime without an RPM database, of which it may have made
  /// its own: those that have a file that the runtime has not. The runtime's own may be among them,
  /// installed once more.
  private List<InstalledPackage> brought(RuntimeImage runtime, ContainerRoot container) {
    var files = new PackagedFiles(container.root(), container.packages());
    List<InstalledPackage> brought =
        container.packages().stream()
            .filter(one -> !runtime.root().entries().keySet().containsAll(files.of(one.nevra())))
            .toList();
    notes.add(
        "the runtime has no RPM database: "
            + (container.packages().isEmpty()
                ? "nor has the container, so of which packages the app is, is not known"
                : "the app's packages are those of the container's that have files which the"
                    + " runtime has not"));
    return brought;
  }

  /// Those that were installed in a container on a runtime whose packages are known.
  private List<InstalledPackage> added(RuntimeImage runtime, ContainerRoot container) {
    var packages = PackageChanges.between(runtime.packages(), container.packages());
    if (!packages.replaced().isEmpty()) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "%s has other packages of the runtime than %s, on which the app will run: %s"
              .formatted(
                  request.source(), request.runtime(), AllowedLeaks.shown(packages.replaced())),
          "Build it on this image of the runtime, and only install: neither upgrade nor remove what"
              + " the runtime has.");
    }
    return packages.added();
  }

  /// What the build changed in the system, without its packages' own files.
  ///
  /// @return those changes in `/usr` that are allowed
  private List<TreePath> changesOutside(
      RuntimeImage runtime, ContainerRoot container, PackagedFiles files, AllowedLeaks allowed) {
    var state = new SystemState(databases(runtime.root(), container.root()));
    var changes = RootChanges.between(runtime.root(), container.root(), state::isOfTheSystem);
    Map<TreePath, String> all = new TreeMap<>();
    changes.added().stream()
        .filter(path -> !files.has(path))
        .forEach(path -> all.put(path, path + " is added"));
    changes.changed().forEach(path -> all.put(path, path + " is changed"));
    changes.removed().forEach(path -> all.put(path, path + " is removed"));
    List<String> configuration = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    List<TreePath> lost = new ArrayList<>();
    all.forEach(
        (path, what) -> {
          if (path.startsWith(SystemState.ETC)) {
            configuration.add(what);
          } else if (allowed.includes(path)) {
            lost.add(path);
          } else {
            refused.add(what);
          }
        });
    if (!configuration.isEmpty()) {
      notes.add(
          "the app will not see what the build did to the configuration of the system: "
              + AllowedLeaks.shown(configuration));
    }
    if (!refused.isEmpty()) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "%s differs from the runtime %s, on which the app will run: %s"
              .formatted(request.source(), request.runtime(), AllowedLeaks.shown(refused)),
          "Build it on this image of the runtime, and put what the app needs into /app; or if the"
              + " app does not need it, allow that it is dropped: "
              + AllowedLeaks.ADVICE);
    }
    return lost;
  }

  private static List<TreePath> databases(FileTree... roots) {
    List<TreePath> result = new ArrayList<>();
    for (FileTree root : roots) {
      RpmDatabase.find(root).map(TreePath::parent).ifPresent(result::add);
    }
    return result;
  }

  /// What the build put into `/app`: what is there, without what the runtime itself has there.
  private FileTree app(FileTree runtime, FileTree container) {
    FileTree before = runtime.subtree(AppFinish.APP);
    FileTree after = container.subtree(AppFinish.APP);
    RootChanges changes = RootChanges.between(before, after, _ -> true);
    FileTree app =
        after.filter(
            (path, entry) ->
                entry instanceof Entry.Directory
                    ? path.isRoot() || !before.contains(path)
                    : changes.added().contains(path) || changes.changed().contains(path));
    if (app.entries().keySet().stream().allMatch(TreePath::isRoot)) {
      throw new OverpakException(
          ExitCode.IMAGE,
          request.source() + " has nothing in /app that the runtime does not have",
          "Install packages that were built for /app, or COPY files there.");
    }
    return app;
  }

  private List<WrittenImage> write(
      RuntimeImage runtime,
      List<InstalledPackage> packages,
      PackagedFiles files,
      FileTree app,
      WorkDirectory work) {
    long timestamp = timestamp(runtime, packages);
    try (var cleaned =
        CleanedApp.of(
            app, request.spec().flatpak().cleanupCommands(), runtime, timestamp, work, progress)) {
      return write(runtime, timestamp, cleaned.files(), files.parts(), work);
    }
  }

  private List<WrittenImage> write(
      RuntimeImage runtime,
      long timestamp,
      FileTree app,
      List<Set<TreePath>> parts,
      WorkDirectory work) {
    return new AppFinish(
            request.spec().flatpak(), runtime.ref(), runtime.metadata(), timestamp, notes::add)
        .finish(app)
        .write(
            request.output(),
            request.layout(),
            parts.stream().map(part -> AppFinish.pathsInCommit(part, AppFinish.APP)).toList(),
            work,
            progress);
  }

  private long timestamp(RuntimeImage runtime, List<InstalledPackage> packages) {
    return request
        .timestamp()
        .orElseGet(
            () ->
                packages.stream()
                    .mapToLong(one -> one.header().buildTime())
                    .max()
                    .orElseGet(() -> created(runtime)));
  }

  private static long created(RuntimeImage runtime) {
    return runtime.image().config().created().map(java.time.Instant::getEpochSecond).orElse(0L);
  }
}
