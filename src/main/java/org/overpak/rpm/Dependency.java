package org.overpak.rpm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One entry of a package's provides, requires, conflicts, obsoletes or weak dependencies.
///
/// Text form as rpm prints it: `name`, `name >= 1:2-3`, `(a or b)`. Rich dependencies follow
/// [boolean
/// dependencies](https://rpm-software-management.github.io/rpm/manual/boolean_dependencies.html).
public sealed interface Dependency {

  /// NAME in a range of versions: a package, a capability, or a file where it starts with `/`.
  ///
  /// @param evr null exactly where the operator is {@link Operator#ANY}
  record Simple(String name, Operator operator, @Nullable Evr evr) implements Dependency {
    public Simple {
      if ((evr == null) != (operator == Operator.ANY)) {
        throw new IllegalArgumentException("a version goes with an operator: " + name);
      }
    }

    /// Whether PROVIDE, an entry of a package's provides, meets this requirement or is hit by this
    /// conflict: same name, and ranges with a version in common (rpmds.cc, `rpmdsCompare`). Either
    /// side without a version matches any. An obsoletes matches a package as if it were {@link
    /// Nevra#asProvide}, never its other provides.
    public boolean satisfiedBy(Simple provide) {
      return name.equals(provide.name)
          && (evr == null
              || provide.evr == null
              || overlap(operator, evr, provide.operator, provide.evr));
    }

    /// rpmver.cc, `rpmverOverlap`.
    private static boolean overlap(Operator a, Evr aEvr, Operator b, Evr bEvr) {
      int order = Integer.compareUnsigned(aEvr.epoch(), bEvr.epoch());
      if (order == 0) {
        order = VersionOrder.compare(aEvr.version(), bEvr.version());
      }
      boolean aHasRelease = !aEvr.release().isEmpty();
      boolean bHasRelease = !bEvr.release().isEmpty();
      if (order == 0 && aHasRelease && bHasRelease) {
        order = VersionOrder.compare(aEvr.release(), bEvr.release());
      } else if (order == 0
          && (aHasRelease != bHasRelease)
          && (aHasRelease ? b : a).matchesEqual()) {
        // "= 1.2" means 1.2 in every release, so it overlaps whatever is said of one of them.
        return true;
      }
      if (order < 0) {
        return a.matchesGreater() || b.matchesLess();
      }
      if (order > 0) {
        return a.matchesLess() || b.matchesGreater();
      }
      return (a.matchesEqual() && b.matchesEqual())
          || (a.matchesLess() && b.matchesLess())
          || (a.matchesGreater() && b.matchesGreater());
    }

    @Override
    public String toString() {
      return evr == null ? name : name + " " + operator.symbol() + " " + evr;
    }
  }

  /// Several dependencies joined; `and`, `or` and `with` join two or more, the others exactly two.
  record Joined(Connective connective, List<Dependency> operands) implements Dependency {
    public Joined {
      operands = List.copyOf(operands);
      if (operands.size() < 2) {
        throw new IllegalArgumentException("a rich dependency joins at least two");
      }
    }

    @Override
    public String toString() {
      var text = new StringBuilder("(").append(operands.getFirst());
      operands
          .subList(1, operands.size())
          .forEach(
              operand -> text.append(' ').append(connective.word()).append(' ').append(operand));
      return text.append(')').toString();
    }
  }

  /// `(THEN if CONDITION else OTHERWISE)`, and the same with `unless`; without `else` it is {@link
  /// Joined}.
  record Conditional(
      Connective connective, Dependency then, Dependency condition, Dependency otherwise)
      implements Dependency {
    @Override
    public String toString() {
      return "(" + then + " " + connective.word() + " " + condition + " else " + otherwise + ")";
    }
  }

  /// How versions are compared.
  enum Operator {
    ANY(""),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    EQUAL("="),
    GREATER_OR_EQUAL(">="),
    GREATER(">"),
    /// No text can say it, but the flags of a header can.
    NOT_EQUAL("<>");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }

    /// Whether versions below the given one are meant.
    public boolean matchesLess() {
      return this == LESS || this == LESS_OR_EQUAL || this == NOT_EQUAL;
    }

    /// Whether the given version itself is meant.
    public boolean matchesEqual() {
      return this == EQUAL || this == LESS_OR_EQUAL || this == GREATER_OR_EQUAL;
    }

    /// Whether versions above the given one are meant.
    public boolean matchesGreater() {
      return this == GREATER || this == GREATER_OR_EQUAL || this == NOT_EQUAL;
    }
  }

  /// The words that join dependencies.
  enum Connective {
    AND("and"),
    OR("or"),
    IF("if"),
    UNLESS("unless"),
    WITH("with"),
    WITHOUT("without");

    private final String word;

    Connective(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /// Parses rpm's text form.
  ///
  /// @throws IllegalArgumentException if TEXT is not a dependency
  static Dependency parse(String text) {
    return new DependencyParser(text).parse();
  }

  /// NAME in any version.
  static Simple named(String name) {
    return new Simple(name, Operator.ANY, null);
  }
}
