package org.overpak.solve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.Relations;

/// Universes as text, one package a line under the repository that offers it:
///
/// ```
/// runtime:
///   glibc-2.38-1.x86_64; files /usr/bin/ldd
/// main priority=10:
///   app-1-1.noarch; requires glibc >= 2, libfoo; conflicts bar; excluded by filter
/// ```
public final class UniverseText {
  private UniverseText() {}

  /// A repository as it is read; the one named `runtime` holds the installed packages.
  private static final class Repository {
    final String id;
    final int priority;
    final List<PackageMetadata> packages = new ArrayList<>();
    final Map<Nevra, String> excluded = new LinkedHashMap<>();

    Repository(String id, int priority) {
      this.id = id;
      this.priority = priority;
    }
  }

  static Universe parse(String text) {
    return parse(Architecture.of("x86_64"), text);
  }

  static Universe parse(Architecture architecture, String text) {
    List<Repository> repositories = new ArrayList<>();
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      if (line.startsWith(" ")) {
        addPackage(repositories.getLast(), line.strip());
      } else {
        String[] words = line.replace(":", "").split(" ");
        int priority =
            words.length > 1 ? Integer.parseInt(words[1].substring("priority=".length())) : 99;
        repositories.add(new Repository(words[0], priority));
      }
    }
    Universe.Builder builder = Universe.builder(architecture);
    for (Repository repository : repositories) {
      if (repository.id.equals("runtime")) {
        builder.installed(PackageIndex.of(repository.packages));
      } else {
        builder.repository(
            repository.id,
            repository.priority,
            1000,
            PackageIndex.of(repository.packages),
            nevra -> Optional.ofNullable(repository.excluded.get(nevra)));
      }
    }
    return builder.build();
  }

  /// The packages of TEXT, which names no repository.
  public static List<PackageMetadata> packages(String text) {
    var repository = new Repository("", 99);
    text.lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> addPackage(repository, line.strip()));
    return List.copyOf(repository.packages);
  }

  private static void addPackage(Repository repository, String line) {
    String[] parts = line.split("; ");
    Map<String, List<Dependency>> relations = new LinkedHashMap<>();
    List<String> files = List.of();
    String excluded = null;
    for (int i = 1; i < parts.length; i++) {
      int space = parts[i].indexOf(' ');
      String kind = parts[i].substring(0, space);
      String rest = parts[i].substring(space + 1);
      switch (kind) {
        case "files" -> files = List.of(rest.split(", "));
        case "excluded", "not", "of", "hidden" -> excluded = parts[i];
        default -> relations.put(kind, dependencies(rest));
      }
    }
    PackageMetadata metadata = metadata(nevra(parts[0]), relations, files);
    repository.packages.add(metadata);
    if (excluded != null) {
      repository.excluded.put(metadata.nevra(), excluded);
    }
  }

  private static List<Dependency> dependencies(String text) {
    List<Dependency> dependencies = new ArrayList<>();
    for (String each : text.split(", ")) {
      dependencies.add(Dependency.parse(each));
    }
    return dependencies;
  }

  static PackageMetadata metadata(
      Nevra nevra, Map<String, List<Dependency>> relations, List<String> files) {
    return new PackageMetadata(
        nevra,
        "",
        new Relations(
            relations.getOrDefault("provides", List.of()),
            relations.getOrDefault("requires", List.of()),
            relations.getOrDefault("conflicts", List.of()),
            relations.getOrDefault("obsoletes", List.of()),
            relations.getOrDefault("recommends", List.of()),
            relations.getOrDefault("suggests", List.of()),
            relations.getOrDefault("supplements", List.of()),
            relations.getOrDefault("enhances", List.of())),
        files,
        0);
  }

  static Nevra nevra(String text) {
    int dot = text.lastIndexOf('.');
    String rest = text.substring(0, dot);
    int release = rest.lastIndexOf('-');
    int version = rest.lastIndexOf('-', release - 1);
    return new Nevra(
        rest.substring(0, version),
        Evr.parse(rest.substring(version + 1)),
        text.substring(dot + 1));
  }

  /// The added packages as text, or the explanation.
  static String resolve(Universe universe, String... specs) {
    return text(Solver.solve(universe, Request.of(specs), FileOwners.NONE));
  }

  static String text(Resolution resolution) {
    return switch (resolution) {
      case Resolution.Solution(var added, _, _) ->
          String.join(" ", added.stream().map(each -> each.solvable().toString()).toList());
      case Resolution.Unsolvable(var explanation) -> explanation.text();
    };
  }
}
