package org.overpak.solve;

import java.util.List;
import org.overpak.rpm.Dependency;

/// One thing that must hold: a spec of the request, or one of the names that a pattern matches.
sealed interface Job {
  /// The spec as the user wrote it.
  String spec();

  /// One of CANDIDATES, which are eligible and ascending, must be there.
  record OneOf(String spec, List<Integer> candidates) implements Job {
    public OneOf {
      candidates = List.copyOf(candidates);
    }
  }

  /// A rich dependency must hold that no single package can meet.
  record Holds(String spec, Dependency dependency) implements Job {}

  /// Nothing that may be chosen matches.
  ///
  /// @param matches what matches the spec all the same: excluded, or of another architecture
  record Hopeless(String spec, List<Integer> matches) implements Job {
    public Hopeless {
      matches = List.copyOf(matches);
    }
  }

  /// The candidates, where there is a plain list of them.
  default List<Integer> oneOf() {
    return switch (this) {
      case OneOf(_, var candidates) -> candidates;
      case Holds _, Hopeless _ -> List.of();
    };
  }
}
