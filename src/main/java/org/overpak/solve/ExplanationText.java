package org.overpak.solve;

import java.util.List;
import java.util.stream.Collectors;
import org.overpak.solve.Explanation.Fact;
import org.overpak.solve.Explanation.Flaw;
import org.overpak.solve.Explanation.Node;
import org.overpak.solve.Explanation.Problem;
import org.overpak.solve.Explanation.Rejected;

/// Writes explanations as plain text.
final class ExplanationText {
  /// More packages than these in a row say no more to a reader.
  private static final int MOST_NAMED = 5;

  private ExplanationText() {}

  static String of(Explanation explanation) {
    return explanation.problems().stream()
        .map(problem -> sentence(problem) + tree(problem))
        .collect(Collectors.joining("\n"));
  }

  static String sentence(Problem problem) {
    Node root = problem.roots().getFirst();
    if (root.children().isEmpty() && problem.roots().size() == 1) {
      return say(root.fact());
    }
    Node deepest = deepest(root);
    String specs =
        problem.roots().stream()
            .map(node -> "'" + spec(node.fact()) + "'")
            .distinct()
            .collect(Collectors.joining(" and "));
    return specs
        + (specs.contains(" and ") ? " cannot be installed together: " : " cannot be installed: ")
        + say(deepest.fact());
  }

  private static Node deepest(Node node) {
    Node at = node;
    while (!at.children().isEmpty()) {
      at = at.children().getFirst();
    }
    return at;
  }

  private static String spec(Fact fact) {
    return switch (fact) {
      case Fact.Requested(var spec, _) -> spec;
      case Fact.BestRequested(var spec, _) -> spec;
      case Fact.Unmatched(var spec, _, _) -> spec;
      case Fact.Requires(var dependent, _, _) -> dependent.toString();
      case Fact.NothingProvides(var dependent, _, _) -> dependent.toString();
      case Fact.Conflicts(var source, _, _) -> source.toString();
      case Fact.ConflictsWith(var source, _) -> source.toString();
      case Fact.Obsoletes(var source, _, _) -> source.toString();
      case Fact.SameName(var one, _) -> one.toString();
      case Fact.InferiorArchitecture(var inferior) -> inferior.toString();
    };
  }

  private static String tree(Problem problem) {
    var text = new StringBuilder();
    if (problem.roots().size() > 1 || !problem.roots().getFirst().children().isEmpty()) {
      problem.roots().forEach(root -> append(text, root, 1));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Node node, int depth) {
    text.append('\n').append("  ".repeat(depth)).append(say(node.fact()));
    node.children().forEach(child -> append(text, child, depth + 1));
  }

  private static String say(Fact fact) {
    return switch (fact) {
      case Fact.Requested(var spec, var candidates) ->
          "'" + spec + "' is requested" + by(spec, candidates);
      case Fact.BestRequested(var spec, var best) ->
          "the best candidate for '" + spec + "' is " + named(best);
      case Fact.Unmatched(var spec, var rejected, var alike) ->
          rejected.isEmpty()
              ? "no package matches '" + spec + "'" + didYouMean(alike)
              : "no package that can be installed matches '" + spec + "'" + but(rejected);
      case Fact.Requires(var dependent, var dependency, var candidates) ->
          dependent + " requires " + dependency + by(dependency.toString(), candidates);
      case Fact.NothingProvides(var dependent, var dependency, var rejected) ->
          dependent + " requires " + dependency + ", which nothing provides" + but(rejected);
      case Fact.Conflicts(var source, var dependency, var other) ->
          whole(source) + " conflicts with " + dependency + as(dependency.toString(), other);
      case Fact.ConflictsWith(var source, var dependency) ->
          whole(source) + " conflicts with " + dependency;
      case Fact.Obsoletes(var source, var dependency, var other) ->
          whole(source) + " obsoletes " + dependency + as(dependency.toString(), other);
      case Fact.SameName(var one, var other) -> one + " and " + other + " cannot both be installed";
      case Fact.InferiorArchitecture(var inferior) ->
          inferior + " cannot be installed without the same version for the target's architecture";
    };
  }

  private static String by(String asked, List<Solvable> candidates) {
    boolean saysNothing =
        candidates.isEmpty()
            || (candidates.size() == 1 && candidates.getFirst().toString().equals(asked));
    return saysNothing ? "" : ", that is " + named(candidates);
  }

  private static String named(List<Solvable> solvables) {
    String first =
        solvables.stream()
            .limit(MOST_NAMED)
            .map(Solvable::toString)
            .collect(Collectors.joining(" or "));
    int more = solvables.size() - MOST_NAMED;
    return more > 0 ? first + " or one of " + more + " more" : first;
  }

  private static String as(String dependency, Solvable other) {
    return dependency.equals(other.toString()) ? "" : ", that is " + whole(other);
  }

  private static String whole(Solvable solvable) {
    return solvable.isInstalled() ? "the runtime's " + solvable : solvable.toString();
  }

  private static String didYouMean(List<Solvable> alike) {
    return alike.isEmpty()
        ? ""
        : "; did you mean "
            + alike.stream()
                .map(Solvable::name)
                .distinct()
                .limit(MOST_NAMED)
                .collect(Collectors.joining(" or "))
            + "?";
  }

  private static String but(List<Rejected> rejected) {
    return rejected.isEmpty()
        ? ""
        : rejected.stream()
            .limit(MOST_NAMED)
            .map(each -> whole(each.solvable()) + " " + say(each.flaw()))
            .collect(Collectors.joining(", ", ": ", ""));
  }

  private static String say(Flaw flaw) {
    return switch (flaw) {
      case Flaw.Excluded(var reason) -> "is " + reason;
      case Flaw.OtherArchitecture() -> "is of another architecture";
      case Flaw.ReplacesInstalled(var installed) ->
          "cannot replace the runtime's " + installed.nevra().evr();
      case Flaw.OtherVersion(var provided) -> "provides " + provided;
    };
  }
}
