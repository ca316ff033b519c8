package org.overpak.solve;

import java.util.List;
import org.overpak.rpm.Dependency;

/// The answer to a {@link Request}.
public sealed interface Resolution {

  /// What to add.
  ///
  /// @param added by name, then version, then architecture; the order of installing is not theirs
  /// @param satisfied specs that the runtime met by itself, in the order of the request
  /// @param missing members of groups that no package is called: dnf passes them over too
  record Solution(List<Added> added, List<Satisfied> satisfied, List<Missing> missing)
      implements Resolution {
    public Solution {
      missing = List.copyOf(missing);
      added = List.copyOf(added);
      satisfied = List.copyOf(satisfied);
    }
  }

  /// The request cannot be met.
  record Unsolvable(Explanation explanation) implements Resolution {}

  /// A package to add, and why.
  record Added(Solvable solvable, Reason reason) {}

  /// A member of the group SPEC that is not to be had.
  record Missing(String spec, String name) {}

  /// A spec for which nothing needs to be added.
  record Satisfied(String spec, List<Solvable> by) {
    public Satisfied {
      by = List.copyOf(by);
    }
  }

  /// Why a package is added. A package that is wanted for several reasons has the first: a spec
  /// before a requirement, a short chain before a long one.
  sealed interface Reason {
    record RequestedBy(String spec) implements Reason {}

    record RequiredBy(Solvable dependent, Dependency dependency) implements Reason {}

    /// Not needed, but wanted by a package that is added ({@link Request#weak}).
    record RecommendedBy(Solvable dependent, Dependency dependency) implements Reason {}

    /// Not needed, but it says that it goes with what is added ({@link Request#weak}).
    record Supplements(Dependency dependency) implements Reason {}

    /// Without it, a rich conflict of the source would be met: `(a unless this)`.
    record AvoidsConflictOf(Solvable source, Dependency conflict) implements Reason {}
  }
}
