package org.overpak.build;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.overpak.install.InstalledSystem;
import org.overpak.install.Transaction;
import org.overpak.repo.VerifiedPackage;
import org.overpak.rpm.FileSelection;
import org.overpak.rpm.FileTrigger;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.sandbox.MaterializedRoot;
import org.overpak.sandbox.Sandbox;

/// The classic way, natively: the app's packages and all that they require are installed into
/// nothing, and `/app` of that is kept. What the runtime then has to offer in the place of the rest
/// is checked before anything is installed.
final class CleanInstall implements AppInstall {
  private static final String APP = "/" + AppFinish.APP.value();

  private final BuildContext context;
  private final List<VerifiedPackage> packages;
  private final AppPlan plan;

  private CleanInstall(BuildContext context, List<VerifiedPackage> packages, AppPlan plan) {
    this.context = context;
    this.packages = List.copyOf(packages);
    this.plan = plan;
  }

  /// Resolves from nothing, and finds out what of that is the app.
  ///
  /// @throws org.overpak.OverpakException (UNSOLVABLE) with the explanation, also if the runtime
  ///   lacks what the app needs; or as downloads do
  static CleanInstall of(BuildContext context) {
    Resolver.Installed there = context.resolver().installed(context.installed());
    List<VerifiedPackage> ofScripts = context.downloads().fetch(there.ofScripts());
    List<String> helpers =
        new ArrayList<>(
            watchers(
                Stream.concat(
                    context.runtime().headers().stream(),
                    ofScripts.stream().map(one -> one.file().header()))));
    Selection system = resolve(context, helpers);
    List<VerifiedPackage> packages = context.fetch(system);
    if (lacksRpm(packages)) {
      helpers.add("/" + Transaction.RPM.value());
      system = resolve(context, helpers);
      packages = context.fetch(system);
    }
    List<PackageHeader> headers = packages.stream().map(one -> one.file().header()).toList();
    Selection app =
        new CleanSystem(system, helpers, headers, context, there, "the clean root").app();
    Set<Nevra> kept = new HashSet<>();
    app.added().forEach(one -> kept.add(one.nevra()));
    return new CleanInstall(
        context,
        packages,
        AppPlan.of(
            app,
            packages.stream().filter(one -> kept.contains(one.file().header().nevra())).toList(),
            ofScripts,
            context.product()));
  }

  private static Selection resolve(BuildContext context, List<String> helpers) {
    return context.resolver().fromNothing(context.installed(), helpers).selection();
  }

  /// Packages of the runtime, of those PRESENT, that make something of what is in `/app`: what a
  /// build on top of it sets off. For the same reason flatpak-module-tools installs
  /// `flatpak-runtime-config` (`flatpak_builder.py:get_install_packages`).
  private static List<String> watchers(Stream<PackageHeader> present) {
    return present
        .filter(
            header ->
                header.fileTriggers().stream()
                    .map(FileTrigger::prefixes)
                    .flatMap(List::stream)
                    .anyMatch(CleanInstall::isInApp))
        .map(header -> header.nevra().name())
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean isInApp(String prefix) {
    return prefix.equals(APP) || prefix.startsWith(APP + "/");
  }

  /// Lua and macros are run by the rpm that is in the root.
  private static boolean lacksRpm(List<VerifiedPackage> packages) {
    List<PackageHeader> headers = packages.stream().map(one -> one.file().header()).toList();
    return Transaction.of(List.of(), headers).needsRpm()
        && headers.stream()
            .flatMap(header -> header.files().stream())
            .noneMatch(file -> file.path().equals(Transaction.RPM));
  }

  @Override
  public AppPlan plan() {
    return plan;
  }

  @Override
  public InstalledApp install(long timestamp) {
    InstalledSystem system = installSystem(timestamp);
    boolean done = false;
    try {
      InstalledApp app =
          context.cleaned(
              plan.app(system.root(), context.spec().splitRefs()),
              timestamp,
              List.of(),
              system.warnings(),
              system::close);
      done = true;
      return app;
    } finally {
      if (!done) {
        system.close();
      }
    }
  }

  private InstalledSystem installSystem(long timestamp) {
    return InstalledSystem.of(
        new InstalledSystem.Plan(
            packages.stream().map(VerifiedPackage::file).toList(),
            FileSelection.ALL,
            Architectures.rpm(context.runtime().ref().arch()),
            "",
            context.request().failures(),
            timestamp),
        context.work().path(),
        () ->
            Sandbox.over(
                MaterializedRoot.empty(context.work().roots(), context.progress()),
                context.work().path(),
                Sandbox.Options.DEFAULT),
        context.progress());
  }
}
