package org.overpak.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.overpak.build.AppResolution;
import org.overpak.build.Selection;
import org.overpak.repo.RepositoryPackage;
import org.overpak.rpm.Nevra;
import org.overpak.solve.Resolution;
import org.overpak.solve.Solvable;

/// Shows what was resolved: a table for people, or JSON for programs.
record ResolutionReport(Console console, ReportOptions options) {
  private static final List<String> HEAD =
      List.of("PACKAGE", "VERSION", "ARCH", "REPOSITORY", "SIZE", "WHY");

  void show(AppResolution resolution) {
    Selection selection = resolution.selection();
    if (options.isJson()) {
      printJson(json(resolution));
      return;
    }
    resolution.notes().forEach(note -> print("note: " + note));
    if (selection.added().isEmpty()) {
      print("nothing to add: the runtime has all that the spec asks for");
    } else {
      print(
          "%s to add, %s to download, %s installed"
              .formatted(
                  packages(selection.added().size()),
                  Size.text(
                      selection.added().stream().mapToLong(one -> one.metadata().size()).sum()),
                  Size.text(
                      selection.added().stream()
                          .mapToLong(one -> one.metadata().metadata().installedSize())
                          .sum())));
      Table.lines(HEAD, selection.added().stream().map(ResolutionReport::row).toList())
          .forEach(this::print);
    }
    for (Resolution.Satisfied one : selection.satisfied()) {
      print(
          "in the runtime already: "
              + one.spec()
              + " ("
              + one.by().stream().map(Solvable::toString).collect(Collectors.joining(", "))
              + ")");
    }
  }

  void show(List<AppResolution.Why> answer) {
    if (options.isJson()) {
      printJson(
          answer.stream()
              .map(
                  one ->
                      Map.of(
                          "package",
                          one.solvable().toString(),
                          "repository",
                          one.solvable().repository(),
                          "chain",
                          one.chain()))
              .toList());
      return;
    }
    for (AppResolution.Why one : answer) {
      if (one.chain().isEmpty()) {
        print(one.solvable() + " is in the runtime");
        continue;
      }
      print(one.solvable() + " from " + one.solvable().repository() + " is added, since");
      String indent = "  ";
      for (String step : one.chain()) {
        print(indent + step);
        indent += "  ";
      }
    }
  }

  private static String packages(int count) {
    return count == 1 ? "1 package" : count + " packages";
  }

  private static List<String> row(Selection.Added added) {
    return List.of(
        added.nevra().name(),
        added.nevra().evr().toString(),
        added.nevra().arch(),
        added.metadata().repository(),
        Size.text(added.metadata().size()),
        added.why());
  }

  private static Map<String, Object> json(AppResolution resolution) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("added", resolution.selection().added().stream().map(ResolutionReport::json).toList());
    json.put(
        "satisfied",
        resolution.selection().satisfied().stream()
            .map(
                one ->
                    Map.of(
                        "spec",
                        one.spec(),
                        "by",
                        one.by().stream().map(Solvable::toString).toList()))
            .toList());
    json.put("runtime-scanned", resolution.isRuntimeScanned());
    json.put("notes", resolution.notes());
    return json;
  }

  private static Map<String, Object> json(Selection.Added added) {
    Map<String, Object> json = json(added.metadata());
    json.put("installed-size", added.metadata().metadata().installedSize());
    json.put("reason", added.why());
    return json;
  }

  /// What names a package of a repository, and its file.
  static Map<String, Object> json(RepositoryPackage one) {
    Nevra nevra = one.nevra();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", nevra.name());
    json.put("epoch", Integer.toUnsignedLong(nevra.evr().epoch()));
    json.put("version", nevra.evr().version());
    json.put("release", nevra.evr().release());
    json.put("arch", nevra.arch());
    json.put("repository", one.repository());
    json.put("digest", one.digest().toString());
    json.put("size", one.size());
    return json;
  }

  private void print(String line) {
    if (!options.isQuiet()) {
      console.out().println(line);
    }
  }

  private void printJson(Object json) {
    console.out().println(Report.asJson(json));
  }
}
