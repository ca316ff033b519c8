package org.overpak.solve;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.overpak.rpm.PackageMetadata;
import org.overpak.solve.Explanation.Fact;
import org.overpak.solve.Explanation.Flaw;
import org.overpak.solve.Explanation.Rejected;

/// Knows what a person can do about a fact: the edit or the option that would mend it.
final class ExplanationAdvice {
  private static final String OTHER_RUNTIME = "use a runtime that has what is needed";

  private ExplanationAdvice() {}

  /// Sentences; none where other facts are what is wrong.
  static List<String> on(Fact fact) {
    return switch (fact) {
      case Fact.Unmatched(var spec, var rejected, var alike) ->
          rejected.isEmpty()
              ? List.of(
                  alike.isEmpty()
                      ? "Correct '"
                          + spec
                          + "' in 'packages', or add the repository that has it (--repo)."
                      : "Write '" + alike.getFirst().name() + "' in 'packages' if that is meant.")
              : onUnmatched(spec, rejected);
      case Fact.NothingProvides(var dependent, var dependency, var rejected, var isScanned) ->
          rejected.isEmpty()
              ? List.of(
                  "Add the repository that has "
                      + dependency
                      + " (--repo), or leave out what needs it."
                      + (isScanned
                          ? " If the runtime has it, say so in the spec: 'overpak:"
                              + " {assume-provided: [\"%s\"]}'.".formatted(dependency)
                          : ""))
              : onRejected(dependent.name(), rejected);
      case Fact.Conflicts(var source, _, var other) -> onPair(source, other);
      case Fact.Obsoletes(var source, _, var other) -> onPair(source, other);
      case Fact.ConflictsWith(var source, _) ->
          List.of("Leave out what brings " + source.name() + ", or " + OTHER_RUNTIME + ".");
      case Fact.SameName(var one, var other) ->
          List.of(
              "Only one version of "
                  + one.name()
                  + " can be there: choose packages that agree on "
                  + other.nevra().evr()
                  + " or on "
                  + one.nevra().evr()
                  + ".");
      case Fact.BestRequested(var spec, _) ->
          List.of(
              "If an older version will do, name it in 'packages': '"
                  + spec
                  + "-VERSION' instead of '"
                  + spec
                  + "'.");
      case Fact.InferiorArchitecture(var inferior) ->
          List.of("Add the repository that has " + inferior.name() + " for the target.");
      case Fact.Requires(var dependent, _, _, var rejected) ->
          rejected.isEmpty() ? List.of() : onRejected(dependent.name(), rejected);
      case Fact.Requested _ -> List.of();
    };
  }

  private static List<String> onPair(Solvable one, Solvable other) {
    if (one.isInstalled() || other.isInstalled()) {
      Solvable added = one.isInstalled() ? other : one;
      Solvable installed = one.isInstalled() ? one : other;
      return List.of(
          "Leave out what brings "
              + added.name()
              + ", or use a runtime without "
              + installed.name()
              + ".");
    }
    return List.of(
        "Leave out what brings " + one.name() + ", or what brings " + other.name() + ".");
  }

  private static List<String> onUnmatched(String spec, List<Rejected> rejected) {
    for (Rejected one : rejected) {
      if (one.flaw() instanceof Flaw.ReplacesInstalled(var installed)) {
        return List.of(
            "The runtime has "
                + installed
                + " and keeps it: leave '"
                + spec
                + "' out of 'packages', or use a runtime that has "
                + one.solvable()
                + ".");
      }
    }
    return onRejected(spec, rejected);
  }

  private static List<String> onRejected(String dependent, List<Rejected> rejected) {
    Set<String> advice = new TreeSet<>();
    boolean hasNewer =
        rejected.stream().anyMatch(one -> one.flaw() instanceof Flaw.ReplacesInstalled);
    for (Rejected one : rejected) {
      Solvable solvable = one.solvable();
      switch (one.flaw()) {
        case Flaw.Excluded(var reason) -> {
          advice.add(onExclusion(reason, solvable));
          if (installsOutsideApp(solvable.metadata())) {
            advice.add(
                solvable.name()
                    + " installs to /usr: an app needs it rebuilt for /app, or a runtime that has"
                    + " it.");
          }
        }
        case Flaw.OtherArchitecture() ->
            advice.add(
                "Add the repository that has "
                    + solvable.name()
                    + " for the runtime's architecture (--repo).");
        case Flaw.ReplacesInstalled(var installed) ->
            advice.add(
                "Use a runtime that has "
                    + solvable
                    + ", or a "
                    + dependent
                    + " that the runtime's "
                    + installed
                    + " is enough for.");
        case Flaw.ObsoletesInstalled(var installed) ->
            advice.add("Use a runtime without " + installed.name() + ".");
        case Flaw.OtherVersion _ -> {
          if (!hasNewer) {
            advice.add(
                "Use a version of "
                    + dependent
                    + " that was built against "
                    + solvable
                    + ", or add the repository that has what it requires (--repo).");
          }
        }
      }
    }
    return List.copyOf(advice);
  }

  private static String onExclusion(String reason, Solvable solvable) {
    if (reason.startsWith("of module ")) {
      String stream = reason.substring("of module ".length(), reason.indexOf(','));
      return "Enable the module stream: 'overpak: {modules: [\"" + stream + "\"]}' in the spec.";
    }
    if (reason.startsWith("hidden by module ")) {
      return "Set module_hotfixes=1 for repository "
          + solvable.repository()
          + " if its packages are meant to replace those of the module.";
    }
    return reason.contains("includepkgs")
        ? "Add " + solvable.name() + " to includepkgs of repository " + solvable.repository() + "."
        : "Change the exclusion of " + solvable.name() + " if the package is wanted.";
  }

  private static boolean installsOutsideApp(PackageMetadata metadata) {
    return !metadata.files().isEmpty()
        && metadata.files().stream().noneMatch(file -> file.startsWith("/app/"));
  }
}
