package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.InstalledSystem;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.repo.VerifiedPackage;
import org.overpak.sandbox.MaterializedRoot;
import org.overpak.sandbox.Sandbox;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.TreePath;

/// Builds a runtime or an SDK from nothing but repositories: the hybrid image of a system in which
/// the spec's packages are installed.
public final class RuntimeBuild {
  private final Request request;
  private final FlatpakSpec spec;
  private final String arch = Architectures.rpm(Architectures.ofMachine());
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();

  /// What to build, from what, into what; what is not said here is as in {@link AppBuild.Request}.
  ///
  /// @param releasever of the distribution, which `.repo` files may refer to; empty if they do not
  /// @param layout of the image, which is made hybrid
  /// @param timestamp of the image, all in it, and the installation, in seconds since 1970; where
  ///   it is empty, the time that the newest package was built
  public record Request(
      ContainerSpec spec,
      Path directory,
      String releasever,
      RepositoryChoice repositories,
      TransactionRun.Failures failures,
      boolean verify,
      ImageName output,
      LayoutChoice layout,
      Path cache,
      OptionalLong timestamp) {}

  private RuntimeBuild(Request request, Progress progress) {
    this.request = request;
    this.spec = request.spec().flatpak();
    this.progress = progress;
  }

  /// Builds the image and writes it.
  ///
  /// @throws OverpakException for whatever a person can mend; then nothing was written
  public static BuiltRuntime run(Request request, Progress progress) {
    return run(request, progress, _ -> {});
  }

  /// As {@link #run(Request, Progress)}, showing the installed system to OBSERVER before it becomes
  /// an image.
  static BuiltRuntime run(Request request, Progress progress, Consumer<InstalledSystem> observer) {
    return new RuntimeBuild(request, progress).run(observer);
  }

  private BuiltRuntime run(Consumer<InstalledSystem> observer) {
    new SpecSupport(request.spec()).requireRuntime();
    request.spec().notes().forEach(note -> notes.add(note.toString()));
    try (var work = WorkDirectory.in(request.cache());
        var downloads = new Downloads(request.cache(), DownloadOptions.DEFAULT, progress)) {
      Selection selection = resolver(downloads).fromNothing(arch, request.releasever()).selection();
      List<VerifiedPackage> packages =
          downloads.fetch(selection.added().stream().map(Selection.Added::source).toList());
      long timestamp = timestamp(packages);
      try (InstalledSystem system = install(packages, timestamp, work)) {
        if (request.verify()) {
          verify(system, packages, timestamp, work);
        }
        observer.accept(system);
        notes.addAll(system.warnings());
        var finished =
            new RuntimeFinish(spec, Architectures.flatpak(arch), timestamp, notes::add)
                .finish(system.root());
        return new BuiltRuntime(
            finished.write(
                request.output(),
                request.layout(),
                system.parts().stream().map(RuntimeFinish::pathsInCommit).toList(),
                work,
                progress),
            selection,
            finished.dropped(),
            request.repositories().unchecked().stream().sorted().toList(),
            notes);
      }
    }
  }

  private Resolver resolver(Downloads downloads) {
    return new Resolver(
        request.spec(), request.directory(), request.repositories(), downloads, notes::add);
  }

  private InstalledSystem install(
      List<VerifiedPackage> packages, long timestamp, WorkDirectory work) {
    return InstalledSystem.of(
        new InstalledSystem.Plan(
            packages.stream().map(VerifiedPackage::file).toList(),
            request.spec().fileSelection(),
            arch,
            spec.cleanupCommands(),
            request.failures(),
            timestamp),
        work.path(),
        () ->
            Sandbox.over(
                MaterializedRoot.empty(work.roots(), progress),
                work.path(),
                Sandbox.Options.DEFAULT),
        progress);
  }

  /// All but scripts is the same each time; what they leave where no image keeps it does not
  /// matter.
  private void verify(
      InstalledSystem system, List<VerifiedPackage> packages, long timestamp, WorkDirectory work) {
    try (InstalledSystem again = install(packages, timestamp, work)) {
      ScriptDifferences.requireNone(
          TreePath.ROOT,
          RuntimeFinish.kept(system.root()).differences(RuntimeFinish.kept(again.root())));
    }
  }

  private long timestamp(List<VerifiedPackage> packages) {
    return request.timestamp().orElseGet(() -> AppPlan.newest(packages));
  }
}
