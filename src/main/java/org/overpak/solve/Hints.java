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
    this.conjunctiveForm = ConjunctiveForm.complete(providers);
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

  boolean isThere(int id) {
    return universe.isInstalled(id) || sat.isTrue(id);
  }

  /// How a dependency is met.
  enum Met {
    NOT,
    /// By what was there before.
    BEFORE,
    /// By something that is added.
    NEWLY
  }

  private boolean holds(Dependency dependency) {
    return met(dependency) != Met.NOT;
  }

  /// libsolv's `solver_dep_fulfilled_alreadyinstalled`.
  Met met(Dependency dependency) {
    if (Providers.isSetLike(dependency)) {
      Met met = Met.NOT;
      for (int id : providers.of(dependency)) {
        if (sat.isTrue(id)) {
          return Met.NEWLY;
        }
        met = universe.isInstalled(id) ? Met.BEFORE : met;
      }
      return met;
    }
    return switch (dependency) {
      case Dependency.Simple _ -> throw new IllegalStateException("set-like: " + dependency);
      case Dependency.Joined(var connective, var operands) ->
          switch (connective) {
            case AND -> met(operands, operands.stream().allMatch(this::holds));
            case OR -> met(operands, operands.stream().anyMatch(this::holds));
            case IF ->
                met(operands.subList(0, 1), holds(operands.get(0)) || !holds(operands.get(1)));
            case UNLESS ->
                met(operands.subList(0, 1), holds(operands.get(0)) && !holds(operands.get(1)));
            case WITH, WITHOUT -> Met.NOT;
          };
      case Dependency.Conditional(var connective, var then, var condition, var otherwise) -> {
        Met first = met(condition);
        Met second =
            (connective == Dependency.Connective.IF) == (first != Met.NOT)
                ? met(then)
                : met(otherwise);
        yield second != Met.NOT && first == Met.NEWLY ? Met.NEWLY : second;
      }
    };
  }

  private Met met(List<Dependency> operands, boolean holds) {
    if (!holds) {
      return Met.NOT;
    }
    return operands.stream().anyMatch(operand -> met(operand) == Met.NEWLY)
        ? Met.NEWLY
        : Met.BEFORE;
  }
}
