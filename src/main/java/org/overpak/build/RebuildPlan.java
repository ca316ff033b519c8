package org.overpak.build;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.overpak.Progress;
import org.overpak.oci.ImageName;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.repo.PackageSource;
import org.overpak.repo.RepositoryPackage;
import org.overpak.rpm.Nevra;

/// Which source packages must be built again with prefix `/app`, so that an app can be built from
/// them, and in which order.
///
/// @param sources batch by batch, and by name
/// @param ready what the app adds that is built for `/app` already, or has no files
/// @param notes what is not wrong but worth a look
public record RebuildPlan(List<Source> sources, List<Selection.Added> ready, List<String> notes) {
  public RebuildPlan {
    sources = List.copyOf(sources);
    ready = List.copyOf(ready);
    notes = List.copyOf(notes);
  }

  /// What to plan.
  ///
  /// @param app and its repositories, whose packages are those of a distribution
  /// @param sdk on which the packages are built; the runtime if null
  /// @param sources where source packages are
  /// @param bootstrap names of source packages that are built with the packages of the distribution
  ///   where these need them in turn
  public record Request(
      AppResolution.Request app,
      @Nullable ImageName sdk,
      RepositoryChoice sources,
      Set<String> bootstrap) {
    public Request {
      bootstrap = Set.copyOf(bootstrap);
    }

    ImageName base() {
      return sdk == null ? app.runtime() : sdk;
    }
  }

  /// A source package to build.
  ///
  /// @param batch from 1: all that it needs is in batches before
  /// @param wanted why
  /// @param after the source packages that must be built before
  /// @param bootstrapped those that it needs, too, but that need it: the distribution's packages do
  /// @param installed all that must be added to the SDK, as far as it is known before anything is
  ///   built: from the distribution, even what will come from a source package before
  public record Source(
      RepositoryPackage metadata,
      PackageSource file,
      int batch,
      List<Wanted> wanted,
      List<Needed> after,
      List<Needed> bootstrapped,
      List<Selection.Added> installed) {
    public Source {
      wanted = List.copyOf(wanted);
      after = List.copyOf(after);
      bootstrapped = List.copyOf(bootstrapped);
      installed = List.copyOf(installed);
    }

    /// `NAME-[EPOCH:]VERSION-RELEASE`.
    public String name() {
      return name(metadata.nevra());
    }

    static String name(Nevra nevra) {
      return nevra.name() + "-" + nevra.evr();
    }
  }

  /// A binary package of the app that is built from a source package.
  ///
  /// @param chain from the spec down to it, one clause for each step
  public record Wanted(Nevra nevra, List<String> chain) {
    public Wanted {
      chain = List.copyOf(chain);
    }
  }

  /// Another source package that one needs to be built.
  ///
  /// @param source {@link Source#name}
  /// @param chain from the requirement down to a package of it, one clause for each step
  public record Needed(String source, List<String> chain) {
    public Needed {
      chain = List.copyOf(chain);
    }
  }

  /// @throws org.overpak.OverpakException (UNSOLVABLE) if packages cannot be resolved, a source
  ///   package is missing, or source packages need each other, with the explanation; or as {@link
  ///   AppResolution#run}
  public static RebuildPlan run(Request request, Progress progress) {
    try (var work = WorkDirectory.in(request.app().cache());
        var place = WorkDirectory.in(request.app().cache());
        var downloads = new Downloads(request.app().cache(), DownloadOptions.DEFAULT, progress)) {
      var app = AppResolution.of(request.app(), work, downloads, progress);
      var base = RuntimePackages.open(request.base(), place, downloads, progress);
      return new RebuildPlanner(request, app, base, downloads).plan();
    }
  }

  /// The batches, one after the other.
  public List<List<Source>> batches() {
    int last = sources.isEmpty() ? 0 : sources.getLast().batch();
    return IntStream.rangeClosed(1, last)
        .mapToObj(batch -> sources.stream().filter(one -> one.batch() == batch).toList())
        .toList();
  }
}
