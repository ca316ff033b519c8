package org.overpak.solve;

import java.util.BitSet;
import java.util.List;
import org.overpak.rpm.Dependency;

/// What weak dependencies say at this moment of the search: recommends and suggests of packages
/// that are there, supplements and enhances of candidates (libsolv, `policy_update_recommendsmap`).
final class Hints {
  private final Universe universe;
  private final Providers providers;
  private final ConjunctiveForm conjunctiveForm;
  private final Sat sat;
  private final BitSet recommended = new BitSet();
  private final BitSet suggested = new BitSet();
  private long asOf = -1;

  Hints(Universe universe, Providers providers, Sat sat) {
    this.universe = universe;
    this.providers = providers;
    this.conjunctiveForm = ConjunctiveForm.unreduced(providers);
    this.sat = sat;
  }

  boolean isRecommended(int id) {
    update();
    return recommended.get(id)
        || universe.metadata(id).relations().supplements().stream().anyMatch(this::holds);
  }

  boolean isSuggested(int id) {
    update();
    return suggested.get(id)
        || universe.metadata(id).relations().enhances().stream().anyMatch(this::holds);
  }

  private void update() {
    if (asOf == sat.changes()) {
      return;
    }
    asOf = sat.changes();
    recommended.clear();
    suggested.clear();
    for (int id = 1; id <= universe.installedCount(); id++) {
      mark(id);
    }
    for (int i = 0; i < sat.trail().size(); i++) {
      if (sat.trail().get(i) > 0) {
        mark(sat.trail().get(i));
      }
    }
  }

  private void mark(int id) {
    mark(universe.metadata(id).relations().recommends(), recommended);
    mark(universe.metadata(id).relations().suggests(), suggested);
  }

  private void mark(List<Dependency> dependencies, BitSet marks) {
    for (Dependency dependency : dependencies) {
      if (Providers.isSetLike(dependency)) {
        for (int id : providers.of(dependency)) {
          marks.set(id);
        }
      } else {
        conjunctiveForm.of(dependency).forEach(literals -> markIfDue(literals, marks));
      }
    }
  }

  private void markIfDue(int[] literals, BitSet marks) {
    for (int literal : literals) {
      if (literal < 0 && !isThere(-literal)) {
        return;
      }
    }
    for (int literal : literals) {
      if (literal > 0) {
        marks.set(literal);
      }
    }
  }

  private boolean isThere(int id) {
    return universe.isInstalled(id) || sat.isTrue(id);
  }

  private boolean holds(Dependency dependency) {
    if (Providers.isSetLike(dependency)) {
      for (int id : providers.of(dependency)) {
        if (isThere(id)) {
          return true;
        }
      }
      return false;
    }
    return switch (dependency) {
      case Dependency.Simple _ -> throw new IllegalStateException("set-like: " + dependency);
      case Dependency.Joined(var connective, var operands) ->
          switch (connective) {
            case AND -> operands.stream().allMatch(this::holds);
            case OR -> operands.stream().anyMatch(this::holds);
            case IF -> holds(operands.get(0)) || !holds(operands.get(1));
            case UNLESS -> holds(operands.get(0)) && !holds(operands.get(1));
            case WITH, WITHOUT -> false;
          };
      case Dependency.Conditional(var connective, var then, var condition, var otherwise) ->
          (connective == Dependency.Connective.IF) == holds(condition)
              ? holds(then)
              : holds(otherwise);
    };
  }
}
