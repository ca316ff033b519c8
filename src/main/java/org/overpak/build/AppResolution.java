package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.solve.Solvable;
import org.overpak.solve.Solver;
import org.overpak.spec.ContainerSpec;

/// What a build would add, without building: no package is downloaded.
public final class AppResolution {
  private final Resolver.Resolved resolved;
  private final RuntimePackages runtime;
  private final List<String> notes;

  /// What to resolve; as in {@link AppBuild.Request}.
  public record Request(
      ContainerSpec spec,
      Path directory,
      ImageName runtime,
      @Nullable ImageName extended,
      RepositoryChoice repositories,
      Path cache) {}

  private AppResolution(Resolver.Resolved resolved, RuntimePackages runtime, List<String> notes) {
    this.resolved = resolved;
    this.runtime = runtime;
    this.notes = List.copyOf(notes);
  }

  /// Resolves REQUEST, and gives READER the result while all that it may ask for is at hand.
  ///
  /// @throws OverpakException as {@link AppBuild#run}, as far as that concerns resolving
  public static <T> T run(Request request, Progress progress, Function<AppResolution, T> reader) {
    try (var work = WorkDirectory.in(request.cache());
        var downloads = new Downloads(request.cache(), DownloadOptions.DEFAULT, progress)) {
      return reader.apply(of(request, work, downloads, progress));
    }
  }

  /// The same, as long as WORK and DOWNLOADS are there.
  static AppResolution of(
      Request request, WorkDirectory work, Downloads downloads, Progress progress) {
    var support = new SpecSupport(request.spec());
    support.requireOnRuntime(request.extended());
    List<String> notes = new ArrayList<>();
    request.spec().notes().forEach(note -> notes.add(note.toString()));
    var runtime = RuntimePackages.open(request.runtime(), work, downloads, progress);
    ImageName extended = request.extended();
    support.requireBuiltOn(
        extended == null ? runtime.ref() : ref(extended, work),
        extended == null ? request.runtime() : extended);
    var resolver =
        new Resolver(
            request.spec(), request.directory(), request.repositories(), downloads, notes::add);
    return new AppResolution(resolver.over(runtime), runtime, notes);
  }

  private static Ref ref(ImageName extended, WorkDirectory work) {
    Image image = extended.open(work.path().resolve("extended"));
    return ImageLabels.ref(image.config().labels());
  }

  RuntimePackages runtime() {
    return runtime;
  }

  public Selection selection() {
    return resolved.selection();
  }

  /// Whether the runtime has no RPM database, so that what it provides was found in its files.
  public boolean isRuntimeScanned() {
    return resolved.installed().isScanned();
  }

  /// What is not wrong but worth a look.
  public List<String> notes() {
    return notes;
  }

  /// A package that is there, and how it came there.
  ///
  /// @param chain from the spec down to it, one clause for each step; empty if it is in the runtime
  public record Why(Solvable solvable, List<String> chain) {
    public Why {
      chain = List.copyOf(chain);
    }
  }

  /// Why what WHAT names is in the app: a package in any form of a spec, a capability, or a file.
  ///
  /// @throws OverpakException (UNSOLVABLE) if nothing that is added or in the runtime is meant
  public List<Why> why(String what) {
    List<Solvable> meant = Solver.matching(resolved.universe(), what, resolved.fileOwners());
    List<Why> result = new ArrayList<>();
    for (Solvable one : meant) {
      if (one.isInstalled()) {
        result.add(new Why(one, List.of()));
      } else if (isAdded(one)) {
        result.add(new Why(one, selection().chain(one.nevra())));
      }
    }
    if (result.isEmpty()) {
      throw new OverpakException(
          ExitCode.UNSOLVABLE,
          meant.isEmpty()
              ? "neither the runtime nor any repository has '" + what + "'"
              : "nothing that is added needs '"
                  + what
                  + "', which "
                  + meant.getFirst().repository()
                  + " would have: "
                  + meant.getFirst(),
          meant.isEmpty()
              ? "Check the name; a file is written with its whole path."
              : "Name it in 'packages' if the app needs it.");
    }
    return result;
  }

  private boolean isAdded(Solvable solvable) {
    return selection().added().stream()
        .anyMatch(
            one ->
                one.nevra().equals(solvable.nevra())
                    && one.metadata().repository().equals(solvable.repository()));
  }
}
