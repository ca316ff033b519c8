package org.overpak.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.repo.DownloadOptions;
import org.overpak.repo.Downloads;
import org.overpak.repo.PackageSource;
import org.overpak.repo.VerifiedPackage;

/// Builds what a {@link RebuildPlan} has, batch by batch, into a repository. What was built from
/// the same inputs is not built again.
public final class Rebuild {
  private final Request request;
  private final RebuildPlan plan;
  private final AppResolution app;
  private final RuntimeImage sdk;
  private final RebuiltRepository repository;
  private final Downloads downloads;
  private final WorkDirectory work;
  private final Progress progress;

  /// All that is in the repository of this plan.
  private final LocalPackages built = LocalPackages.preferred(RebuiltRepository.ID);

  private final Map<String, Rebuilt.Source> done = new LinkedHashMap<>();
  private final Map<String, OverpakException> failed = new LinkedHashMap<>();
  private final List<String> left = new ArrayList<>();

  /// What to build.
  ///
  /// @param output a directory for the repository, which may be one already
  /// @param jobs how many source packages are built at the same time
  /// @param check whether tests of packages are run
  public record Request(RebuildPlan.Request plan, Path output, int jobs, boolean check) {}

  private Rebuild(
      Request request,
      RebuildPlan plan,
      AppResolution app,
      RuntimeImage sdk,
      RebuiltRepository repository,
      Downloads downloads,
      WorkDirectory work,
      Progress progress) {
    this.request = request;
    this.plan = plan;
    this.app = app;
    this.sdk = sdk;
    this.repository = repository;
    this.downloads = downloads;
    this.work = work;
    this.progress = progress;
  }

  /// @throws OverpakException as {@link RebuildPlan#run}; (IMAGE) if nothing can be built on the
  ///   SDK; (PACKAGE) if a package cannot be built: then all others were built that do not need it
  public static Rebuilt run(Request request, Progress progress) {
    RebuildPlan.Request planned = request.plan();
    try (var work = WorkDirectory.in(planned.app().cache());
        var place = WorkDirectory.in(planned.app().cache());
        var downloads = new Downloads(planned.app().cache(), DownloadOptions.DEFAULT, progress)) {
      var app = AppResolution.of(planned.app(), work, downloads, progress);
      var sdk =
          RuntimeImage.open(planned.base(), place, progress).requireDatabase("building packages");
      SourceBuild.requireTools(sdk);
      RebuildPlan plan =
          new RebuildPlanner(planned, app, RuntimePackages.of(sdk), downloads).plan();
      try (var repository = RebuiltRepository.open(request.output())) {
        return new Rebuild(request, plan, app, sdk, repository, downloads, place, progress).run();
      }
    }
  }

  private Rebuilt run() {
    for (List<RebuildPlan.Source> batch : plan.batches()) {
      build(batch);
    }
    repository.describe(downloads);
    if (!failed.isEmpty()) {
      throw failure();
    }
    return new Rebuilt(
        request.output(), repository.configuration(), List.copyOf(done.values()), plan.notes());
  }

  /// How a build ended.
  private record Outcome(
      SourceBuild build, List<String> names, Path from, @Nullable OverpakException failure) {}

  private void build(List<RebuildPlan.Source> batch) {
    List<SourceBuild> builds = new ArrayList<>();
    for (SourceBuild build : prepared(batch)) {
      var known = repository.find(build.name(), build.inputs());
      if (known.isPresent()) {
        finished(build.name(), known.get(), true);
      } else {
        builds.add(build);
      }
    }
    if (builds.isEmpty()) {
      return;
    }
    int jobs = Math.clamp(builds.size(), 1, request.jobs());
    int processors = Math.max(1, Runtime.getRuntime().availableProcessors() / jobs);
    List<Outcome> outcomes =
        builds.stream().gather(Gatherers.mapConcurrent(jobs, one -> run(one, processors))).toList();
    for (Outcome outcome : outcomes) {
      SourceBuild build = outcome.build();
      if (outcome.failure() == null) {
        finished(
            build.name(),
            repository.put(build.name(), build.inputs(), outcome.names(), outcome.from()),
            false);
      } else {
        failed.put(build.name(), outcome.failure());
      }
    }
  }

  /// What of BATCH can be built, with all that it takes. On one thread, as resolving must be.
  private List<SourceBuild> prepared(List<RebuildPlan.Source> batch) {
    PackagePool pool =
        RebuildPlanner.pool(
            request.plan(), app, RuntimePackages.of(sdk).packages(), built, downloads);
    List<SourceBuild> builds = new ArrayList<>();
    for (RebuildPlan.Source source : batch) {
      if (source.after().stream()
          .anyMatch(one -> failed.containsKey(one.source()) || left.contains(one.source()))) {
        left.add(source.name());
        continue;
      }
      try {
        Selection needs = RebuildPlanner.buildRequirements(source.metadata(), pool);
        List<PackageSource> files = new ArrayList<>(List.of(source.file()));
        needs.added().forEach(one -> files.add(one.source()));
        List<VerifiedPackage> packages = downloads.fetch(files);
        builds.add(
            new SourceBuild(
                source.name(),
                packages.getFirst(),
                packages.subList(1, packages.size()),
                sdk,
                request.check()));
      } catch (OverpakException e) {
        if (e.exitCode() != ExitCode.UNSOLVABLE) {
          throw e;
        }
        failed.put(source.name(), e);
      }
    }
    return builds;
  }

  private Outcome run(SourceBuild build, int processors) {
    try (var _ = progress.begin("building " + build.name(), 0)) {
      Path results = Files.createTempDirectory(work.path(), "results");
      try {
        List<String> names = build.run(processors, repository.log(build.name()), results, work);
        return new Outcome(build, names, results, null);
      } catch (OverpakException e) {
        return switch (e.exitCode()) {
          case PACKAGE, SANDBOX -> new Outcome(build, List.of(), results, e);
          default -> throw e;
        };
      }
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          work.path() + " cannot be written: " + e,
          "Make room there, or choose another cache with --cache DIRECTORY.",
          e);
    }
  }

  private void finished(String name, List<Path> files, boolean reused) {
    files.forEach(file -> built.add(file.toString(), request.output(), _ -> {}));
    done.put(name, new Rebuilt.Source(name, files, reused, repository.log(name)));
  }

  private OverpakException failure() {
    Map<String, OverpakException> sorted = new TreeMap<>(failed);
    var text = new StringBuilder();
    sorted.forEach(
        (name, e) ->
            text.append(text.isEmpty() ? "" : "\n")
                .append("building ")
                .append(name)
                .append(": ")
                .append(e.getMessage()));
    if (!left.isEmpty()) {
      text.append("\nnot built, since they need that: ").append(String.join(", ", left));
    }
    if (!done.isEmpty()) {
      text.append("\nin ").append(request.output()).append(" all the same: ");
      text.append(String.join(", ", done.keySet()));
    }
    OverpakException first = sorted.values().iterator().next();
    return new OverpakException(first.exitCode(), text.toString(), first.advice(), first);
  }
}
