package org.overpak.solve;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.overpak.solve.Explanation.Fact;
import org.overpak.solve.Explanation.Flaw;
import org.overpak.solve.Explanation.Node;
import org.overpak.solve.Explanation.Problem;
import org.overpak.solve.Explanation.Rejected;

/// Writes explanations as plain text: for each problem one sentence, and below it the tree of facts
/// that leads there, each with what would have come near.
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
    List<String> specs =
        problem.roots().stream().map(node -> "'" + spec(node.fact()) + "'").distinct().toList();
    return String.join(" and ", specs)
        + (specs.size() > 1 ? " cannot be installed together: " : " cannot be installed: ")
        + reason(root);
  }

  /// Where the chain from ROOT ends, or parts because each of several candidates fails.
  private static String reason(Node root) {
    Node at = root;
    while (!at.children().isEmpty()) {
      if (at.children().size() > 1 && isChoice(at.fact())) {
        return say(at.fact()) + ", and none of these can be installed";
      }
      at = at.children().getFirst();
    }
    return say(at.fact());
  }

  private static boolean isChoice(Fact fact) {
    return switch (fact) {
      case Fact.Requires(_, _, var candidates, _) -> candidates.size() > 1;
      case Fact.Requested(_, var candidates) -> candidates.size() > 1;
      case Fact.BestRequested(_, var best) -> best.size() > 1;
      case Fact.Unmatched _,
          Fact.NothingProvides _,
          Fact.Conflicts _,
          Fact.ConflictsWith _,
          Fact.Obsoletes _,
          Fact.SameName _,
          Fact.InferiorArchitecture _ ->
          false;
    };
  }

  private static String spec(Fact fact) {
    return switch (fact) {
      case Fact.Requested(var spec, _) -> spec;
      case Fact.BestRequested(var spec, _) -> spec;
      case Fact.Unmatched(var spec, _, _) -> spec;
      case Fact.Requires(var dependent, _, _, _) -> dependent.toString();
      case Fact.NothingProvides(var dependent, _, _, _) -> dependent.toString();
      case Fact.Conflicts(var source, _, _) -> source.toString();
      case Fact.ConflictsWith(var source, _) -> source.toString();
      case Fact.Obsoletes(var source, _, _) -> source.toString();
      case Fact.SameName(var one, _) -> one.toString();
      case Fact.InferiorArchitecture(var inferior) -> inferior.toString();
    };
  }

  private static String tree(Problem problem) {
    boolean isSaid =
        problem.roots().size() == 1
            && problem.roots().getFirst().children().isEmpty()
            && rejected(problem.roots().getFirst().fact()).isEmpty();
    if (isSaid) {
      return "";
    }
    var text = new StringBuilder();
    for (Node root : problem.roots()) {
      boolean isSaidAbove = problem.roots().size() == 1 && root.children().isEmpty();
      if (!isSaidAbove) {
        text.append("\n  ").append(say(root.fact()));
      }
      appendBelow(text, root, isSaidAbove ? "  " : "    ");
    }
    return text.toString();
  }

  private static void appendBelow(StringBuilder text, Node node, String indent) {
    for (Rejected one : rejected(node.fact()).stream().limit(MOST_NAMED).toList()) {
      text.append('\n').append(indent).append("- ");
      text.append(named(one.solvable())).append(' ').append(say(one.flaw()));
    }
    for (Node child : node.children()) {
      text.append('\n').append(indent).append(say(child.fact()));
      appendBelow(text, child, indent + "  ");
    }
  }

  private static List<Rejected> rejected(Fact fact) {
    return switch (fact) {
      case Fact.Unmatched(_, var rejected, _) -> rejected;
      case Fact.NothingProvides(_, _, var rejected, _) -> rejected;
      case Fact.Requires(_, _, _, var rejected) -> rejected;
      case Fact.Requested _,
          Fact.BestRequested _,
          Fact.Conflicts _,
          Fact.ConflictsWith _,
          Fact.Obsoletes _,
          Fact.SameName _,
          Fact.InferiorArchitecture _ ->
          List.of();
    };
  }

  private static String say(Fact fact) {
    return switch (fact) {
      case Fact.Requested(var spec, var candidates) ->
          "'" + spec + "' is requested" + candidates(candidates);
      case Fact.BestRequested(var spec, var best) ->
          "the newest for '" + spec + "' is " + joined(best);
      case Fact.Unmatched(var spec, var rejected, var alike) ->
          rejected.isEmpty()
              ? "no package matches '" + spec + "'" + didYouMean(alike)
              : "no package that can be installed matches '" + spec + "'";
      case Fact.Requires(var dependent, var dependency, var candidates, _) ->
          dependent + " requires " + dependency + candidates(candidates);
      case Fact.NothingProvides(var dependent, var dependency, var rejected, var isScanned) ->
          named(dependent)
              + " requires "
              + dependency
              + (isScanned
                  ? ", which neither the runtime, scanned from its files, nor any"
                      + (rejected.isEmpty() ? " repository" : "thing that can be installed")
                      + " provides"
                  : rejected.isEmpty()
                      ? ", which nothing provides"
                      : ", which nothing provides that can be installed");
      case Fact.Conflicts(var source, var dependency, var other) ->
          named(source) + " conflicts with " + dependency + as(dependency.toString(), other);
      case Fact.ConflictsWith(var source, var dependency) ->
          named(source) + " conflicts with " + dependency;
      case Fact.Obsoletes(var source, var dependency, var other) ->
          named(source) + " obsoletes " + dependency + as(dependency.toString(), other);
      case Fact.SameName(var one, var other) ->
          named(one) + " and " + named(other) + " cannot both be installed";
      case Fact.InferiorArchitecture(var inferior) ->
          named(inferior)
              + " cannot be installed without the same version for the target's architecture";
    };
  }

  /// What a dependency or spec comes to, where that says more than it says itself.
  private static String candidates(List<Solvable> candidates) {
    return candidates.isEmpty() ? "" : ": " + joined(candidates);
  }

  private static String joined(List<Solvable> solvables) {
    String first =
        solvables.stream()
            .limit(MOST_NAMED)
            .map(ExplanationText::named)
            .collect(Collectors.joining(" or "));
    int more = solvables.size() - MOST_NAMED;
    return more > 0 ? first + " or one of " + more + " more" : first;
  }

  private static String as(String dependency, Solvable other) {
    return dependency.equals(other.toString()) ? "" : ": " + named(other);
  }

  /// The package and where it is.
  private static String named(Solvable solvable) {
    return solvable.isInstalled()
        ? "the runtime's " + solvable
        : solvable + " (" + solvable.repository() + ")";
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

  private static String say(Flaw flaw) {
    return switch (flaw) {
      case Flaw.Excluded(var reason) -> "is " + reason;
      case Flaw.OtherArchitecture() -> "is for another architecture";
      case Flaw.ReplacesInstalled(var installed) ->
          "would replace the runtime's " + installed.nevra().evr() + ", which stays";
      case Flaw.ObsoletesInstalled(var installed) ->
          "would remove the runtime's " + installed + ", which it obsoletes";
      case Flaw.OtherVersion(var provided) -> "provides " + provided;
    };
  }

  /// What could be done about it: one sentence for each way, the same once.
  static String advice(Explanation explanation) {
    return explanation.problems().stream()
        .flatMap(problem -> problem.roots().stream().flatMap(ExplanationText::facts))
        .flatMap(fact -> ExplanationAdvice.on(fact).stream())
        .distinct()
        .limit(MOST_NAMED)
        .collect(Collectors.joining(" "));
  }

  private static Stream<Fact> facts(Node node) {
    return Stream.concat(
        Stream.of(node.fact()), node.children().stream().flatMap(ExplanationText::facts));
  }
}
