package org.overpak.build;

import java.util.List;
import java.util.function.Consumer;
import org.overpak.Progress;
import org.overpak.repo.Downloads;
import org.overpak.repo.PackageSource;
import org.overpak.repo.VerifiedPackage;
import org.overpak.sandbox.Sandbox;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What the build of an app works with, whichever engine installs it.
///
/// @param installed what resolving must know of the runtime
/// @param notes hears of what is not wrong but worth a look
record BuildContext(
    AppBuild.Request request,
    Product product,
    RuntimePackages installed,
    Downloads downloads,
    WorkDirectory work,
    Consumer<String> notes,
    Progress progress) {

  FlatpakSpec spec() {
    return request.spec().flatpak();
  }

  /// With all that is there before packages are installed.
  RuntimeImage runtime() {
    return product.base();
  }

  Resolver resolver() {
    return new Resolver(
        request.spec(), request.directory(), request.repositories(), downloads, notes);
  }

  /// The package files, in the order of SELECTION.
  List<VerifiedPackage> fetch(Selection selection) {
    List<PackageSource> sources = selection.added().stream().map(Selection.Added::source).toList();
    return downloads.fetch(sources);
  }

  /// What is to be installed on top of the runtime: only what it lacks.
  ///
  /// @throws org.overpak.OverpakException (UNSOLVABLE) with the explanation, or as downloads do
  AppPlan planOnTop() {
    Resolver.Resolved resolved = resolver().over(installed);
    return AppPlan.of(
        resolved.selection(),
        fetch(resolved.selection()),
        downloads.fetch(resolved.installed().ofScripts()),
        product);
  }

  /// A new one that shows the runtime.
  Sandbox sandbox() {
    return runtime().sandbox(work, progress);
  }

  /// INSTALLED, seen from `/app`, after the spec's cleanup commands.
  ///
  /// @param lost as in {@link InstalledApp}, like WARNINGS
  /// @param release gives back what INSTALLED needs, when the result is closed
  InstalledApp cleaned(
      FileTree installed,
      long timestamp,
      List<TreePath> lost,
      List<String> warnings,
      Runnable release) {
    CleanedApp app =
        CleanedApp.of(installed, spec().cleanupCommands(), runtime(), timestamp, work, progress);
    return new InstalledApp(
        app.files(),
        lost,
        warnings,
        () -> {
          app.close();
          release.run();
        });
  }
}
