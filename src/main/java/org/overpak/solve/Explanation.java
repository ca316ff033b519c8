package org.overpak.solve;

import java.util.List;
import org.overpak.rpm.Dependency;

/// Why a request cannot be met: for each independent reason the facts that cannot hold together,
/// from the request down to what blocks it. Irreducible: without any one of its facts, there would
/// be a solution.
///
/// @param problems at least one, in the order of the request
public record Explanation(List<Problem> problems) {
  public Explanation {
    problems = List.copyOf(problems);
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("an explanation explains something");
    }
  }

  /// One reason.
  ///
  /// @param roots the specs that cannot be met (together); below each, why
  public record Problem(List<Node> roots) {
    public Problem {
      roots = List.copyOf(roots);
    }
  }

  /// A fact and, below it, why what it asks for cannot be had. A fact that several lead to stands
  /// below the first only.
  public record Node(Fact fact, List<Node> children) {
    public Node {
      children = List.copyOf(children);
    }
  }

  /// What is so.
  public sealed interface Fact {
    /// The spec asks for one of these.
    record Requested(String spec, List<Solvable> candidates) implements Fact {
      public Requested {
        candidates = List.copyOf(candidates);
      }
    }

    /// The spec asks for this best of its candidates and no other: see {@link Request#best}.
    record BestRequested(String spec, List<Solvable> best) implements Fact {
      public BestRequested {
        best = List.copyOf(best);
      }
    }

    /// No package matches the spec, or only such as may not be chosen.
    ///
    /// @param alike packages that might be meant, the most likely first
    record Unmatched(String spec, List<Rejected> rejected, List<Solvable> alike) implements Fact {
      public Unmatched {
        rejected = List.copyOf(rejected);
        alike = List.copyOf(alike);
      }
    }

    /// The package requires one of these; each is ruled out below.
    ///
    /// @param rejected what would provide it, but may not be chosen
    record Requires(
        Solvable dependent,
        Dependency dependency,
        List<Solvable> candidates,
        List<Rejected> rejected)
        implements Fact {
      public Requires {
        rejected = List.copyOf(rejected);
        candidates = List.copyOf(candidates);
      }
    }

    /// The package requires what no package provides that may be chosen.
    ///
    /// @param rejected what would come near
    /// @param isScanned whether what the runtime provides is only known from its files
    record NothingProvides(
        Solvable dependent, Dependency dependency, List<Rejected> rejected, boolean isScanned)
        implements Fact {
      public NothingProvides {
        rejected = List.copyOf(rejected);
      }
    }

    /// Two packages that cannot be there together.
    record Conflicts(Solvable source, Dependency dependency, Solvable other) implements Fact {}

    /// A rich conflict of a package is met.
    record ConflictsWith(Solvable source, Dependency dependency) implements Fact {}

    /// Installing one package would remove the other.
    record Obsoletes(Solvable source, Dependency dependency, Solvable other) implements Fact {}

    /// Two packages of the same name.
    record SameName(Solvable one, Solvable other) implements Fact {}

    /// A 32-bit package without its 64-bit twin.
    record InferiorArchitecture(Solvable inferior) implements Fact {}
  }

  /// A package that comes near what is needed, and what is wrong with it.
  public record Rejected(Solvable solvable, Flaw flaw) {}

  /// Why a package does not do.
  public sealed interface Flaw {
    /// A filter rules it out; the reason is {@link Exclusions}'.
    record Excluded(String reason) implements Flaw {}

    /// It is built for an architecture that the target does not take.
    record OtherArchitecture() implements Flaw {}

    /// It would replace a package of the runtime, which stays as it is.
    record ReplacesInstalled(Solvable installed) implements Flaw {}

    /// It obsoletes a package of the runtime, which stays.
    record ObsoletesInstalled(Solvable installed) implements Flaw {}

    /// It provides the capability in another version.
    record OtherVersion(Dependency provided) implements Flaw {}
  }

  /// One sentence, then the facts as a tree, for a terminal or a log; no newline at the end.
  public String text() {
    return ExplanationText.of(this);
  }

  /// What could be done about it, for people: sentences, each a way of its own.
  public String advice() {
    return ExplanationText.advice(this);
  }

  /// The first problem in one sentence, without a full stop.
  public String sentence() {
    return ExplanationText.sentence(problems.getFirst());
  }
}
