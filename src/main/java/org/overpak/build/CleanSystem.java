package org.overpak.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.flatpak.SplitRefs;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.solve.Architecture;
import org.overpak.solve.Exclusions;
import org.overpak.solve.FileOwners;
import org.overpak.solve.Request;
import org.overpak.solve.Resolution;
import org.overpak.solve.Solver;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;

/// A system in which an app is installed, and that is more than its runtime, of which `/app` is
/// kept: which of its packages are the app's, and whether the runtime offers what these need of the
/// others.
///
/// That is a matter of resolving, too: all packages with something in `/app`, and those that the
/// spec names, over the runtime, with nothing to choose from but the packages of this system. What
/// that adds without having anything in `/app` is what the runtime lacks.
final class CleanSystem {
  private static final String REPOSITORY = "clean-root";

  private final Selection system;
  private final Set<String> helpers;
  private final List<PackageHeader> headers;
  private final BuildContext context;
  private final String name;
  private final Resolver.Installed there;
  private final PackageIndex runtime;
  private final PackageIndex index;
  private final Map<Nevra, Resolution.Reason> reasons = new HashMap<>();

  /// @param helpers what was asked for beside the spec
  /// @param headers of SYSTEM, and of what is there otherwise
  /// @param there what the runtime has
  /// @param name of the system, for messages
  CleanSystem(
      Selection system,
      List<String> helpers,
      List<PackageHeader> headers,
      BuildContext context,
      Resolver.Installed there,
      String name) {
    this.system = system;
    this.helpers = Set.copyOf(helpers);
    this.headers = List.copyOf(headers);
    this.context = context;
    this.name = name;
    this.there = there;
    this.runtime = there.packages();
    this.index = PackageIndex.of(headers.stream().map(PackageHeader::metadata).toList());
    system.added().forEach(one -> reasons.put(one.nevra(), one.reason()));
  }

  /// The packages of the app.
  ///
  /// @throws OverpakException (UNSOLVABLE) if the runtime lacks what they need
  Selection app() {
    var universe =
        there
            .universe(Architecture.of(Architectures.rpm(context.runtime().ref().arch())))
            .repository(REPOSITORY, index, Exclusions.NONE)
            .build();
    return switch (Solver.solve(universe, new Request(requests(), false, false), FileOwners.NONE)) {
      case Resolution.Solution(var added, var satisfied, _) -> {
        requireOffered(added);
        Set<Nevra> ours = new HashSet<>();
        added.forEach(one -> ours.add(one.solvable().nevra()));
        yield new Selection(
            system.added().stream().filter(one -> ours.contains(one.nevra())).toList(), satisfied);
      }
      case Resolution.Unsolvable(var explanation) ->
          throw new OverpakException(
              ExitCode.UNSOLVABLE,
              "the app was resolved for %s, but does not go with %s:\n%s"
                  .formatted(name, context.runtime().ref(), explanation.text()),
              explanation.advice());
    };
  }

  private List<Request.Spec> requests() {
    List<Request.Spec> result = new ArrayList<>();
    for (int position = 0; position < headers.size(); position++) {
      PackageHeader header = headers.get(position);
      boolean isNamed = isNamed(header.nevra());
      if (runtime.named(header.nevra().name()).length > 0) {
        if (isNamed) {
          result.add(new Request.Spec.Named(header.nevra().name()));
        }
      } else if (isNamed || isInApp(header)) {
        result.add(new Request.Spec.Exactly(header.nevra().toString(), REPOSITORY, position));
      }
    }
    return result;
  }

  /// Whether the spec itself asks for it.
  private boolean isNamed(Nevra nevra) {
    return reasons.get(nevra) instanceof Resolution.Reason.RequestedBy(var spec)
        && !helpers.contains(spec);
  }

  private boolean isInApp(PackageHeader header) {
    return files(header).entries().keySet().stream()
        .anyMatch(path -> path.startsWith(AppFinish.APP) && !path.equals(AppFinish.APP));
  }

  private FileTree files(PackageHeader header) {
    SplitRefs splitRefs = context.spec().splitRefs();
    return splitRefs.placed(header.tree(context.runtime().accounts()));
  }

  /// What has no files at all is missing nowhere.
  private boolean isElsewhere(PackageHeader header) {
    return !isInApp(header)
        && files(header).entries().values().stream()
            .anyMatch(entry -> !(entry instanceof Entry.Directory));
  }

  private void requireOffered(List<Resolution.Added> added) {
    List<PackageMetadata> missing = new ArrayList<>();
    List<PackageMetadata> present = new ArrayList<>();
    for (Resolution.Added one : added) {
      boolean isMissing =
          !(one.reason() instanceof Resolution.Reason.RequestedBy)
              && isElsewhere(headers.get(one.solvable().position()));
      (isMissing ? missing : present).add(one.solvable().metadata());
    }
    if (missing.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    for (PackageMetadata needing : present) {
      for (Dependency dependency : needing.relations().requires()) {
        missing.stream()
            .filter(provider -> meets(provider, dependency) && !isOffered(dependency))
            .findFirst()
            .ifPresent(provider -> lines.add(line(needing.nevra(), dependency, provider.nevra())));
      }
    }
    throw new OverpakException(
        ExitCode.UNSOLVABLE,
        "the app needs what %s does not have, and what was not installed into /app:%s"
            .formatted(context.runtime().ref(), String.join("", lines)),
        "Build on a runtime that has it, or rebuild the packages for /app; what the app can do"
            + " without, its package should not require.");
  }

  /// Rich dependencies name several; whichever of them leads to PROVIDER counts.
  private static boolean meets(PackageMetadata provider, Dependency dependency) {
    return switch (dependency) {
      case Dependency.Simple simple ->
          PackageIndex.of(List.of(provider)).providing(simple).length > 0
              || provider.files().contains(simple.name());
      case Dependency.Joined(_, var operands) ->
          operands.stream().anyMatch(operand -> meets(provider, operand));
      case Dependency.Conditional(_, var then, _, var otherwise) ->
          meets(provider, then) || meets(provider, otherwise);
    };
  }

  private boolean isOffered(Dependency dependency) {
    return dependency instanceof Dependency.Simple simple
        && (runtime.providing(simple).length > 0 || runtime.owning(simple.name()).length > 0);
  }

  private String line(Nevra needing, Dependency dependency, Nevra provider) {
    return "\n  %s, which %s has in %s: %s, and %s requires %s"
        .formatted(
            dependency,
            provider,
            name,
            String.join(", ", system.chain(needing)),
            needing,
            dependency);
  }
}
