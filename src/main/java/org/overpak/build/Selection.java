package org.overpak.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.overpak.repo.PackageSource;
import org.overpak.repo.RepositoryPackage;
import org.overpak.rpm.Nevra;
import org.overpak.solve.Resolution;

/// Which packages a build adds, and why.
///
/// @param added sorted by name, then version
/// @param satisfied specs that the runtime met by itself
public record Selection(List<Added> added, List<Resolution.Satisfied> satisfied) {
  public Selection {
    added = List.copyOf(added);
    satisfied = List.copyOf(satisfied);
  }

  /// A package to add.
  public record Added(RepositoryPackage metadata, PackageSource source, Resolution.Reason reason) {
    public Nevra nevra() {
      return metadata.nevra();
    }

    /// The last step of the chain of reasons, in a few words.
    public String why() {
      return switch (reason) {
        case Resolution.Reason.RequestedBy _ -> "in the spec";
        case Resolution.Reason.RequiredBy(var dependent, var dependency) ->
            dependent.name() + " requires " + dependency;
        case Resolution.Reason.RecommendedBy(var dependent, var dependency) ->
            dependent.name() + " recommends " + dependency;
        case Resolution.Reason.Supplements(var dependency) -> "supplements " + dependency;
        case Resolution.Reason.AvoidsConflictOf(var source, var conflict) ->
            source.name() + " would conflict with " + conflict + " without it";
      };
    }
  }

  /// Why PACKAGE is added, from the spec down to it, one clause for each step.
  public List<String> chain(Nevra nevra) {
    return chain(nevra, "the spec asks for");
  }

  /// The same, of what was not asked for by a spec.
  ///
  /// @param asking who asked, with a verb
  List<String> chain(Nevra nevra, String asking) {
    List<String> steps = new ArrayList<>();
    Nevra at = nevra;
    // Each reason leads to a package that was wanted before; the bound is for a wrong one.
    for (int step = 0; step <= added.size(); step++) {
      Nevra current = at;
      Optional<Added> found = added.stream().filter(one -> one.nevra().equals(current)).findFirst();
      if (found.isEmpty() && !steps.isEmpty()) {
        Collections.reverse(steps);
        return steps; // leads through what is there otherwise
      }
      switch (found
          .orElseThrow(() -> new IllegalArgumentException(current + " is not added"))
          .reason()) {
        case Resolution.Reason.RequestedBy(var spec) -> {
          steps.add(asking + " " + spec);
          Collections.reverse(steps);
          return steps;
        }
        case Resolution.Reason.RequiredBy(var dependent, var dependency) -> {
          steps.add(dependent + " requires " + dependency);
          if (dependent.isInstalled()) {
            Collections.reverse(steps);
            return steps;
          }
          at = dependent.nevra();
        }
        case Resolution.Reason.RecommendedBy(var dependent, var dependency) -> {
          steps.add(dependent + " recommends " + dependency);
          at = dependent.nevra();
        }
        case Resolution.Reason.Supplements(var dependency) -> {
          steps.add(current + " supplements " + dependency);
          Collections.reverse(steps);
          return steps;
        }
        case Resolution.Reason.AvoidsConflictOf(var source, var conflict) -> {
          steps.add(source + " would conflict with " + conflict + " without it");
          if (source.isInstalled()) {
            Collections.reverse(steps);
            return steps;
          }
          at = source.nevra();
        }
      }
    }
    throw new IllegalStateException("the reasons for " + nevra + " go in a circle");
  }
}
