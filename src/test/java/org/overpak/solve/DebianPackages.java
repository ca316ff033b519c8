package org.overpak.solve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Connective;
import org.overpak.rpm.Dependency.Operator;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;
import org.overpak.testing.Command;
import org.overpak.testing.Project;
import org.overpak.testing.Repodata;

/// Debian's main package index as RPM metadata: a graph of real dependencies of a distribution's
/// size. `Breaks` and `Conflicts` become conflicts, alternatives become rich dependencies, and what
/// a package both replaces and conflicts with is obsoleted by it.
final class DebianPackages {
  private DebianPackages() {}

  /// Writes them as repodata into the directory that is given: for `bench/resolve`.
  public static void main(String[] arguments) throws IOException {
    Repodata.write(Path.of(arguments[0]), read());
  }

  static List<PackageMetadata> read() {
    String index =
        Command.of(Project.directory().resolve("testing/debian-index").toString()).run().text();
    List<PackageMetadata> packages = new ArrayList<>();
    for (String stanza : index.split("\n\n")) {
      packages.add(metadata(fields(stanza)));
    }
    return packages;
  }

  private static Map<String, String> fields(String stanza) {
    Map<String, String> fields = new HashMap<>();
    for (String line : stanza.split("\n")) {
      int colon = line.indexOf(": ");
      if (colon > 0 && line.charAt(0) != ' ') {
        fields.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return fields;
  }

  private static PackageMetadata metadata(Map<String, String> fields) {
    String arch = fields.getOrDefault("Architecture", "").equals("all") ? "noarch" : "x86_64";
    Nevra nevra =
        new Nevra(
            fields.getOrDefault("Package", ""),
            evr(fields.getOrDefault("Version", ""), true),
            arch);
    List<Dependency> conflicts = dependencies(fields, "Conflicts");
    conflicts.addAll(dependencies(fields, "Breaks"));
    List<Dependency> obsoletes = dependencies(fields, "Replaces");
    obsoletes.retainAll(conflicts);
    List<Dependency> requires = dependencies(fields, "Pre-Depends");
    requires.addAll(dependencies(fields, "Depends"));
    return UniverseText.metadata(
        nevra,
        Map.of(
            "provides", dependencies(fields, "Provides"),
            "requires", requires,
            "conflicts", conflicts,
            "obsoletes", obsoletes,
            "recommends", dependencies(fields, "Recommends"),
            "suggests", dependencies(fields, "Suggests"),
            "enhances", dependencies(fields, "Enhances")),
        List.of());
  }

  /// A `-` inside a version would end it in rpm's notation.
  private static Evr evr(String text, boolean isPackage) {
    Evr evr = Evr.parse(text);
    String release = evr.release().isEmpty() && isPackage ? "0" : evr.release();
    return new Evr(evr.epoch(), evr.version().replace('-', '.'), release);
  }

  private static List<Dependency> dependencies(Map<String, String> fields, String field) {
    List<Dependency> result = new ArrayList<>();
    String value = fields.getOrDefault(field, "");
    for (String entry : value.isEmpty() ? new String[0] : value.split(",")) {
      List<Dependency> alternatives = new ArrayList<>();
      for (String one : entry.split("\\|")) {
        alternatives.add(simple(one.strip()));
      }
      result.add(
          alternatives.size() == 1
              ? alternatives.getFirst()
              : new Dependency.Joined(Connective.OR, alternatives));
    }
    return result;
  }

  private static Dependency simple(String text) {
    int open = text.indexOf('(');
    String name = (open < 0 ? text : text.substring(0, open)).strip().replaceFirst(":.*", "");
    if (open < 0) {
      return Dependency.named(name);
    }
    String[] words = text.substring(open + 1, text.indexOf(')')).strip().split(" +");
    Operator operator =
        switch (words[0]) {
          case "<<" -> Operator.LESS;
          case "<=" -> Operator.LESS_OR_EQUAL;
          case "=" -> Operator.EQUAL;
          case ">=" -> Operator.GREATER_OR_EQUAL;
          case ">>" -> Operator.GREATER;
          default -> throw new IllegalArgumentException(text);
        };
    return new Dependency.Simple(name, operator, evr(words[1], false));
  }
}
