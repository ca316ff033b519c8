package org.overpak.solve;

import java.util.List;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Connective;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;

/// The language of libsolv's testcases (`ext/testcase.c`).
final class Testcase {
  private Testcase() {}

  /// METADATA in libsolv's `testtags`.
  static String tags(PackageMetadata metadata) {
    var text = new StringBuilder();
    Nevra nevra = metadata.nevra();
    String version =
        (nevra.evr().epoch() == 0 ? "" : nevra.evr().epoch() + ":") + nevra.evr().version();
    text.append(
        "=Pkg: %s %s %s %s\n"
            .formatted(nevra.name(), version, nevra.evr().release(), nevra.arch()));
    text.append("=Prv: %s\n".formatted(tag(nevra.asProvide())));
    append(text, "Prv", metadata.relations().provides());
    append(text, "Req", metadata.relations().requires());
    append(text, "Con", metadata.relations().conflicts());
    append(text, "Obs", metadata.relations().obsoletes());
    append(text, "Rec", metadata.relations().recommends());
    append(text, "Sug", metadata.relations().suggests());
    append(text, "Sup", metadata.relations().supplements());
    append(text, "Enh", metadata.relations().enhances());
    metadata.files().forEach(file -> text.append("=Prv: %s\n".formatted(file)));
    return text.toString();
  }

  private static void append(StringBuilder text, String tag, List<Dependency> dependencies) {
    dependencies.forEach(dependency -> text.append("=%s: %s\n".formatted(tag, tag(dependency))));
  }

  /// DEPENDENCY as libsolv writes it.
  static String tag(Dependency dependency) {
    return switch (dependency) {
      case Dependency.Simple simple -> simple.toString();
      case Dependency.Joined(var connective, var operands) ->
          operands.stream()
              .map(Testcase::tag)
              .reduce((a, b) -> "(" + a + " " + tag(connective) + " " + b + ")")
              .orElseThrow();
      case Dependency.Conditional(var connective, var then, var condition, var otherwise) ->
          "(%s %s (%s <ELSE> %s))"
              .formatted(tag(then), tag(connective), tag(condition), tag(otherwise));
    };
  }

  /// A dependency as libsolv writes it: the reverse of {@link #tag(Dependency)}.
  ///
  /// @throws IllegalArgumentException if it has an operator that rpm has not
  static Dependency parse(String text) {
    String words = " " + text.replace("(", "( ").replace(")", " )") + " ";
    for (Connective connective : Connective.values()) {
      words = words.replace(" " + tag(connective) + " ", " " + connective.word() + " ");
    }
    // "x if (c else d)" is "x if c else d" to rpm
    words = words.replaceAll("\\( ([^()]*) <ELSE> ([^()]*) \\)", "$1 else $2");
    if (words.matches(".*<[A-Z]+>.*") || words.contains("namespace:")) {
      throw new IllegalArgumentException("no dependency of rpm's: " + text);
    }
    String rpm = words.replace("( ", "(").replace(" )", ")").strip();
    boolean isRich = words.split(" (and|or|with|without|if|unless) ").length > 1;
    return Dependency.parse(isRich && !rpm.startsWith("(") ? "(" + rpm + ")" : rpm);
  }

  private static String tag(Connective connective) {
    return switch (connective) {
      case AND -> "&";
      case OR -> "|";
      case WITH -> "+";
      case WITHOUT -> "-";
      case IF -> "<IF>";
      case UNLESS -> "<UNLESS>";
    };
  }
}
