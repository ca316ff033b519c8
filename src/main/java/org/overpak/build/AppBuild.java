package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.Overlay;
import org.overpak.install.Payload;
import org.overpak.install.PendingScript;
import org.overpak.oci.ImageCache;
import org.overpak.oci.ImageName;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.Variables;
import org.overpak.repo.VerifiedPackage;
import org.overpak.rpm.PackageHeader;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.FlatpakSpec;
import org.overpak.spec.PackageSpec;
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
  /// @param unchecked ids of repositories whose packages need no signature
  /// @param allowedLeaks files, or directories with all in them, that may be dropped, besides those
  ///   that the spec allows
  /// @param cache a directory that builds share
  /// @param timestamp of the image and all in it, in seconds since 1970; where it is empty, the
  ///   time that the newest added package was built
  public record Request(
      ContainerSpec spec,
      ImageName runtime,
      List<RepositoryOption> repositories,
      Set<String> unchecked,
      List<TreePath> allowedLeaks,
      ImageName.Layout output,
      Path cache,
      OptionalLong timestamp) {
    public Request {
      repositories = List.copyOf(repositories);
      unchecked = Set.copyOf(unchecked);
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
    SpecSupport support = new SpecSupport(request.spec());
    support.requireApp();
    request.spec().notes().forEach(note -> notes.add(note.toString()));
    notes.addAll(support.withoutEffect());
    try (var work = WorkDirectory.in(request.cache());
        var downloads = new Downloads(request.cache(), DownloadOptions.DEFAULT, progress)) {
      var runtime = RuntimeImage.open(request.runtime(), imageCache(), work.path(), progress);
      support.requireBuiltOn(runtime.ref(), request.runtime());
      Selection selection = select(runtime, downloads);
      List<VerifiedPackage> packages =
          downloads.fetch(selection.added().stream().map(Selection.Added::source).toList());
      refuseScripts(runtime, packages);
      Overlay overlay = Overlay.of(runtime.root(), payloads(packages, runtime), AppFinish.APP);
      refuseLeaks(overlay, selection);
      WrittenImage image = write(runtime, packages, overlay, work);
      return new BuiltApp(
          image, selection, overlay.leaks(), request.unchecked().stream().sorted().toList(), notes);
    }
  }

  private ImageCache imageCache() {
    return new ImageCache(request.cache().resolve("images"));
  }

  private Selection select(RuntimeImage runtime, Downloads downloads) {
    String arch = runtime.ref().arch();
    if (!request.spec().platforms().includes(arch)) {
      throw new OverpakException(
          ExitCode.SPEC,
          "the spec's platforms leave out " + arch + ", for which the runtime is",
          "Give the runtime of another architecture, or change 'platforms'.");
    }
    return Selection.of(
        arch,
        runtime.headers(),
        downloads.open(configs(runtime), notes::add),
        spec.packagesFor(arch).stream().map(PackageSpec::name).toList(),
        downloads);
  }

  private List<RepositoryConfig> configs(RuntimeImage runtime) {
    Variables variables = Variables.of(runtime.ref().arch(), runtime.releasever());
    List<RepositoryConfig> result =
        request.repositories().stream()
            .flatMap(option -> option.configs(variables, notes::add).stream())
            .map(
                config ->
                    request.unchecked().contains(config.id()) ? config.withoutGpgcheck() : config)
            .toList();
    Set<String> ids = new HashSet<>();
    for (RepositoryConfig config : result) {
      if (!ids.add(config.id())) {
        throw new OverpakException(
            ExitCode.USAGE,
            "two repositories are called '" + config.id() + "'",
            "Leave out one of them, or rename it.");
      }
    }
    request.unchecked().stream()
        .filter(id -> !ids.contains(id))
        .sorted()
        .findFirst()
        .ifPresent(
            id -> {
              throw new OverpakException(
                  ExitCode.USAGE,
                  "--no-gpgcheck names '" + id + "', but no repository is called so",
                  "Use one of: " + String.join(", ", new TreeSet<>(ids)) + ".");
            });
    return result;
  }

  private static void refuseScripts(RuntimeImage runtime, List<VerifiedPackage> packages) {
    List<PendingScript> scripts =
        PendingScript.of(
            runtime.headers(), packages.stream().map(one -> one.file().header()).toList());
    if (!scripts.isEmpty()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "installing would run scripts, which this version does not: "
              + scripts.stream()
                  .map(script -> script.what() + " (of " + script.owner() + ")")
                  .collect(Collectors.joining("; ")),
          "Use packages that need none; a script that only serves a system outside /app can be"
              + " left out when the package is rebuilt.");
    }
  }

  private static List<Payload> payloads(List<VerifiedPackage> packages, RuntimeImage runtime) {
    return packages.stream()
        .map(
            one -> new Payload(one.file().header().nevra(), one.file().payload(runtime.accounts())))
        .toList();
  }

  private void refuseLeaks(Overlay overlay, Selection selection) {
    AllowedLeaks.of(request.spec(), request.allowedLeaks())
        .requireAll(
            overlay.leaks(),
            nevra -> nevra + " is there because " + String.join(", and ", selection.chain(nevra)));
  }

  private WrittenImage write(
      RuntimeImage runtime, List<VerifiedPackage> packages, Overlay overlay, WorkDirectory work) {
    var finish =
        new AppFinish(spec, runtime.ref(), runtime.metadata(), timestamp(packages), notes::add);
    return finish
        .finish(overlay.root().subtree(AppFinish.APP))
        .write(
            request.output(),
            overlay.parts().stream()
                .map(part -> AppFinish.pathsInCommit(part.files().entries().keySet()))
                .toList(),
            work,
            progress);
  }

  private long timestamp(List<VerifiedPackage> packages) {
    return request
        .timestamp()
        .orElseGet(
            () ->
                packages.stream()
                    .map(one -> one.file().header())
                    .mapToLong(PackageHeader::buildTime)
                    .max()
                    .orElse(0));
  }
}
