package org.overpak.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.Downloads;
import org.overpak.repo.RepositoryPackage;
import org.overpak.repo.Variables;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.solve.Request;

/// Makes a {@link RebuildPlan}. What an app adds to its runtime is a matter of resolving; so is
/// what a source package needs beside the SDK, and whatever of that is built from another source
/// package of the plan must be built before.
///
/// Resolving what is needed for building, and not only looking for who provides a requirement,
/// finds what `-devel` packages require of each other, too.
final class RebuildPlanner {
  private final RebuildPlan.Request request;
  private final AppResolution app;
  private final PackagePool pool;
  private final SourceRepositories sources;
  private final List<String> notes;

  /// @param base the SDK
  RebuildPlanner(
      RebuildPlan.Request request, AppResolution app, RuntimePackages base, Downloads downloads) {
    this.request = request;
    this.app = app;
    this.notes = new ArrayList<>(app.notes());
    this.pool = pool(request, app, base.packages(), LocalPackages.ofSpec(), downloads);
    this.sources =
        SourceRepositories.open(
            request.sources(),
            Variables.of(Architectures.rpm(app.runtime().ref().arch()), app.runtime().releasever()),
            downloads,
            notes::add);
  }

  /// What there is to choose from for building.
  static PackagePool pool(
      RebuildPlan.Request request,
      AppResolution app,
      PackageIndex sdk,
      LocalPackages built,
      Downloads downloads) {
    var resolver =
        new Resolver(
            request.app().spec(),
            request.app().directory(),
            request.app().repositories(),
            downloads,
            // Said when the app was resolved.
            _ -> {});
    return resolver.overSdk(app.runtime(), sdk, built);
  }

  /// What is to be added to the SDK for building SOURCE.
  ///
  /// @throws OverpakException (UNSOLVABLE) with the explanation
  static Selection buildRequirements(RepositoryPackage source, PackagePool pool) {
    List<Request.Spec> needed =
        source.metadata().relations().requires().stream()
            .filter(one -> !isOfRpm(one))
            .<Request.Spec>map(Request.Spec.Needed::new)
            .toList();
    try {
      return pool.solve(new Request(needed, true, false), _ -> {});
    } catch (OverpakException e) {
      throw e.in("what " + RebuildPlan.Source.name(source.nevra()) + " needs to be built");
    }
  }

  /// A feature that rpmbuild has or has not.
  private static boolean isOfRpm(Dependency dependency) {
    return dependency instanceof Dependency.Simple simple && simple.name().startsWith("rpmlib(");
  }

  RebuildPlan plan() {
    List<Selection.Added> added = app.selection().added();
    Map<RepositoryPackage, List<String>> files =
        pool.files(added.stream().map(Selection.Added::metadata).collect(Collectors.toSet()));
    Map<String, List<Selection.Added>> byFile = new TreeMap<>();
    List<Selection.Added> ready = new ArrayList<>();
    for (Selection.Added one : added) {
      if (isReady(files.getOrDefault(one.metadata(), one.metadata().metadata().files()))) {
        ready.add(one);
      } else {
        byFile.computeIfAbsent(sourceOf(one), _ -> new ArrayList<>()).add(one);
      }
    }
    Map<String, Draft> drafts = new TreeMap<>();
    byFile.forEach(
        (file, packages) -> {
          Draft draft = draft(file, packages);
          drafts.put(draft.name(), draft);
        });
    return new RebuildPlan(ordered(drafts), ready, notes);
  }

  /// Whether a package with FILES can go into an app as it is.
  private static boolean isReady(List<String> files) {
    String app = "/" + AppFinish.APP.value();
    return files.isEmpty()
        || files.stream().anyMatch(path -> path.equals(app) || path.startsWith(app + "/"));
  }

  private String sourceOf(Selection.Added one) {
    String file = one.metadata().metadata().sourceRpm();
    if (file.isEmpty()) {
      throw missing(
          one.nevra() + " does not say from which source package it was built",
          List.of(one),
          "Rebuild it for /app and give the repository that has it (--repo).");
    }
    return file;
  }

  private OverpakException missing(String what, List<Selection.Added> packages, String advice) {
    return new OverpakException(
        ExitCode.UNSOLVABLE,
        what
            + "; it is needed, since "
            + String.join(", ", app.selection().chain(packages.getFirst().nevra())),
        advice);
  }

  /// A source package whose place in the order is not known.
  private record Draft(
      SourceRepositories.Found found, List<Selection.Added> packages, Selection installed) {
    String name() {
      return RebuildPlan.Source.name(found.metadata().nevra());
    }
  }

  private Draft draft(String file, List<Selection.Added> packages) {
    SourceRepositories.Found found =
        sources
            .find(file)
            .orElseThrow(
                () -> {
                  List<Nevra> others = sources.others(file);
                  return missing(
                      "no source repository has %s, from which %s was built%s"
                          .formatted(
                              file,
                              packages.getFirst().nevra(),
                              others.isEmpty()
                                  ? ""
                                  : ", but "
                                      + others.stream()
                                          .map(Nevra::toString)
                                          .collect(Collectors.joining(", "))),
                      packages,
                      "Give the repository that has it: --source-repo REPOSITORY.");
                });
    return new Draft(found, packages, buildRequirements(found.metadata(), pool));
  }

  private List<RebuildPlan.Source> ordered(Map<String, Draft> drafts) {
    Map<String, Map<String, RebuildPlan.Needed>> needed = new TreeMap<>();
    drafts.forEach((name, draft) -> needed.put(name, needed(draft, drafts)));
    var all =
        new BuildOrder(
            needed.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().keySet())));
    BuildOrder order = bootstrapped(all, drafts);
    order
        .circle()
        .ifPresent(
            circle -> {
              throw circular(circle, needed);
            });
    List<RebuildPlan.Source> result = new ArrayList<>();
    List<List<String>> batches = order.batches();
    for (int batch = 0; batch < batches.size(); batch++) {
      for (String name : batches.get(batch)) {
        Draft draft = Objects.requireNonNull(drafts.get(name));
        Set<String> after = order.needs().getOrDefault(name, Set.of());
        Map<Boolean, List<RebuildPlan.Needed>> needs =
            needed.getOrDefault(name, Map.of()).values().stream()
                .collect(Collectors.partitioningBy(one -> after.contains(one.source())));
        result.add(
            new RebuildPlan.Source(
                draft.found().metadata(),
                draft.found().file(),
                batch + 1,
                draft.packages().stream().map(this::wanted).toList(),
                needs.getOrDefault(true, List.of()),
                needs.getOrDefault(false, List.of()),
                draft.installed().added()));
      }
    }
    return result;
  }

  private RebuildPlan.Wanted wanted(Selection.Added one) {
    return new RebuildPlan.Wanted(one.nevra(), app.selection().chain(one.nevra()));
  }

  /// What DRAFT needs of other drafts, by their names. A package that needs itself is built with
  /// that of the distribution.
  private static Map<String, RebuildPlan.Needed> needed(Draft draft, Map<String, Draft> drafts) {
    Map<String, String> names = new LinkedHashMap<>();
    drafts.forEach((name, one) -> names.put(fileName(one), name));
    Map<String, RebuildPlan.Needed> result = new TreeMap<>();
    for (Selection.Added one : draft.installed().added()) {
      String name = names.get(one.metadata().metadata().sourceRpm());
      if (name != null && !name.equals(draft.name())) {
        List<String> chain =
            draft.installed().chain(one.nevra(), draft.found().metadata().nevra() + " requires");
        RebuildPlan.Needed known = result.get(name);
        if (known == null || chain.size() < known.chain().size()) {
          result.put(name, new RebuildPlan.Needed(name, chain));
        }
      }
    }
    return result;
  }

  private static String fileName(Draft draft) {
    return draft.packages().getFirst().metadata().metadata().sourceRpm();
  }

  /// ALL without what was asked to be left to the distribution's packages.
  private BuildOrder bootstrapped(BuildOrder all, Map<String, Draft> drafts) {
    BuildOrder order = all;
    Set<String> unknown = new TreeSet<>(request.bootstrap());
    for (Map.Entry<String, Draft> one : drafts.entrySet()) {
      String name = one.getValue().found().metadata().nevra().name();
      if (request.bootstrap().contains(name)) {
        unknown.remove(name);
        order = order.without(one.getKey(), order.circular(one.getKey()));
      }
    }
    if (!unknown.isEmpty()) {
      throw new OverpakException(
          ExitCode.USAGE,
          "--bootstrap names " + String.join(", ", unknown) + ", which is not to be built",
          "Use the name of a source package of the plan: "
              + drafts.values().stream()
                  .map(one -> one.found().metadata().nevra().name())
                  .distinct()
                  .collect(Collectors.joining(", "))
              + ".");
    }
    return order;
  }

  private static OverpakException circular(
      List<String> circle, Map<String, Map<String, RebuildPlan.Needed>> needed) {
    var text = new StringBuilder("source packages need each other to be built:");
    for (int at = 0; at < circle.size(); at++) {
      String next = circle.get((at + 1) % circle.size());
      RebuildPlan.Needed need =
          Objects.requireNonNull(needed.getOrDefault(circle.get(at), Map.of()).get(next));
      text.append("\n  ").append(String.join(", ", need.chain()));
      text.append(", which is built from ").append(next);
    }
    return new OverpakException(
        ExitCode.UNSOLVABLE,
        text.toString(),
        "Name the one that can be built with the distribution's own packages of the others, at"
            + " prefix /usr: --bootstrap NAME.");
  }
}
