package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Connective;

/// Rich dependencies as clauses, by distribution (as libsolv's `cplxdeps.c`): no helper variables,
/// since {@link Search} decides on packages only.
///
/// No clauses mean "always", and an empty clause means "never".
final class ConjunctiveForm {
  /// More than any real dependency gives, few enough for memory.
  private static final int MOST_CLAUSES = 250_000;

  private static final List<int[]> NEVER = List.of(new int[0]);

  private final Providers providers;
  private final IntPredicate isThere;

  private ConjunctiveForm(Providers providers, IntPredicate isThere) {
    this.providers = providers;
    this.isThere = isThere;
  }

  /// Without the clauses that installed packages meet, which are many and say nothing; literals
  /// against installed packages stand like any.
  static ConjunctiveForm open(Universe universe, Providers providers) {
    return new ConjunctiveForm(providers, universe::isInstalled);
  }

  /// With all clauses.
  static ConjunctiveForm complete(Providers providers) {
    return new ConjunctiveForm(providers, _ -> false);
  }

  /// Clauses, each with ascending literals, that hold together exactly if DEPENDENCY does.
  List<int[]> of(Dependency dependency) {
    return holds(dependency, true);
  }

  /// The same for its negation: what a conflict means.
  List<int[]> ofNegated(Dependency dependency) {
    return holds(dependency, false);
  }

  private List<int[]> holds(Dependency dependency, boolean positive) {
    if (Providers.isSetLike(dependency)) {
      int[] ids = providers.of(dependency);
      return positive ? anyOf(ids) : noneOf(ids);
    }
    return switch (dependency) {
      case Dependency.Simple _ -> throw new IllegalStateException("set-like: " + dependency);
      case Dependency.Joined(var connective, var operands) ->
          switch (connective) {
            case AND -> positive ? all(operands, true) : any(operands, false);
            case OR -> positive ? any(operands, true) : all(operands, false);
            case IF -> {
              // then or not condition
              List<int[]> then = holds(operands.get(0), positive);
              List<int[]> condition = holds(operands.get(1), !positive);
              yield positive ? product(then, condition) : concat(then, condition);
            }
            case UNLESS -> {
              // then and not condition
              List<int[]> then = holds(operands.get(0), positive);
              List<int[]> condition = holds(operands.get(1), !positive);
              yield positive ? concat(then, condition) : product(then, condition);
            }
            case WITH, WITHOUT -> throw unsupported(dependency);
          };
      case Dependency.Conditional(var connective, var then, var condition, var otherwise) -> {
        // if: (then or not condition) and (otherwise or condition)
        // unless: (then and not condition) or (otherwise and condition)
        List<int[]> first = holds(then, positive);
        List<int[]> second = holds(otherwise, positive);
        List<int[]> unlessMet = holds(condition, !positive);
        List<int[]> ifMet = holds(condition, positive);
        boolean isConjunction = (connective == Connective.IF) == positive;
        yield isConjunction
            ? concat(product(first, unlessMet), product(second, ifMet))
            : product(concat(first, unlessMet), concat(second, ifMet));
      }
    };
  }

  private List<int[]> anyOf(int[] ids) {
    return Arrays.stream(ids).anyMatch(isThere) ? List.of() : List.of(ids);
  }

  private static List<int[]> noneOf(int[] ids) {
    return Arrays.stream(ids).mapToObj(id -> new int[] {-id}).toList();
  }

  private List<int[]> all(List<Dependency> operands, boolean positive) {
    return operands.stream()
        .map(operand -> holds(operand, positive))
        .reduce(List.of(), ConjunctiveForm::concat);
  }

  private List<int[]> any(List<Dependency> operands, boolean positive) {
    return operands.stream()
        .map(operand -> holds(operand, positive))
        .reduce(NEVER, ConjunctiveForm::product);
  }

  private static List<int[]> concat(List<int[]> a, List<int[]> b) {
    List<int[]> both = new ArrayList<>(a);
    both.addAll(b);
    boolean isNever = both.stream().anyMatch(clause -> clause.length == 0);
    return isNever ? NEVER : both;
  }

  /// `(a1 and a2) or (b1 and b2)` = `(a1 or b1) and (a1 or b2) and (a2 or b1) and (a2 or b2)`.
  private static List<int[]> product(List<int[]> a, List<int[]> b) {
    if ((long) a.size() * b.size() > MOST_CLAUSES) {
      throw new OverpakException(
          ExitCode.REPOSITORY,
          "a rich dependency is too complex: it expands to "
              + (long) a.size() * b.size()
              + " clauses",
          "Report it to the maintainer of the package.");
    }
    Set<List<Integer>> clauses = new LinkedHashSet<>();
    for (int[] left : a) {
      for (int[] right : b) {
        List<Integer> literals =
            IntStream.concat(Arrays.stream(left), Arrays.stream(right))
                .sorted()
                .distinct()
                .boxed()
                .toList();
        if (literals.stream().noneMatch(literal -> literal > 0 && literals.contains(-literal))) {
          clauses.add(literals);
        }
      }
    }
    return clauses.stream()
        .map(literals -> literals.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  private static OverpakException unsupported(Dependency dependency) {
    return new OverpakException(
        ExitCode.REPOSITORY,
        "'" + dependency + "': with and without may join only what one package can provide",
        "Report it to the maintainer of the package.");
  }
}
