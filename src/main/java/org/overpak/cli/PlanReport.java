package org.overpak.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.overpak.build.RebuildPlan;
import org.overpak.build.Selection;
import org.overpak.rpm.Dependency;

/// Shows what must be built again: a table for people, or JSON for build systems.
record PlanReport(Console console, ReportOptions options) {
  private static final List<String> HEAD = List.of("BATCH", "SOURCE PACKAGE", "FOR", "AFTER");

  void show(RebuildPlan plan) {
    if (options.isJson()) {
      console.out().println(Report.asJson(json(plan)));
      return;
    }
    plan.notes().forEach(note -> print("note: " + note));
    if (plan.sources().isEmpty()) {
      print("nothing to build: the app needs no package that is not for /app already");
    } else {
      int count = plan.sources().size();
      int batches = plan.batches().size();
      print(
          "%d source package%s to build, in %d batch%s"
              .formatted(count, count == 1 ? "" : "s", batches, batches == 1 ? "" : "es"));
      Table.lines(HEAD, plan.sources().stream().map(PlanReport::row).toList(), console.widthOfOut())
          .forEach(this::print);
    }
    for (RebuildPlan.Source source : plan.sources()) {
      source
          .bootstrapped()
          .forEach(
              one ->
                  print(
                      "%s is built with the distribution's packages of %s"
                          .formatted(source.name(), one.source())));
    }
    for (Selection.Added one : plan.ready()) {
      print("for /app already: " + one.nevra() + " from " + one.metadata().repository());
    }
  }

  private static List<String> row(RebuildPlan.Source source) {
    return List.of(
        Integer.toString(source.batch()),
        source.name(),
        source.wanted().stream().map(one -> one.nevra().name()).collect(Collectors.joining(", ")),
        source.after().stream().map(RebuildPlan.Needed::source).collect(Collectors.joining(", ")));
  }

  private static Map<String, Object> json(RebuildPlan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sources", plan.sources().stream().map(PlanReport::json).toList());
    json.put(
        "batches",
        plan.batches().stream()
            .map(batch -> batch.stream().map(RebuildPlan.Source::name).toList())
            .toList());
    json.put("ready", plan.ready().stream().map(one -> one.nevra().toString()).toList());
    json.put("notes", plan.notes());
    return json;
  }

  private static Map<String, Object> json(RebuildPlan.Source source) {
    Map<String, Object> json = ResolutionReport.json(source.metadata());
    json.put("source", source.name());
    json.put("location", source.metadata().href());
    json.put("batch", source.batch());
    json.put(
        "packages",
        source.wanted().stream()
            .map(one -> Map.of("package", one.nevra().toString(), "chain", one.chain()))
            .toList());
    json.put("after", source.after().stream().map(PlanReport::json).toList());
    json.put("bootstrapped", source.bootstrapped().stream().map(PlanReport::json).toList());
    json.put(
        "build-requires",
        source.metadata().metadata().relations().requires().stream()
            .map(Dependency::toString)
            .toList());
    json.put(
        "installed",
        source.installed().stream()
            .map(
                one ->
                    Map.of(
                        "package",
                        one.nevra().toString(),
                        "repository",
                        one.metadata().repository()))
            .toList());
    return json;
  }

  private static Map<String, Object> json(RebuildPlan.Needed needed) {
    return Map.of("source", needed.source(), "chain", needed.chain());
  }

  private void print(String line) {
    if (!options.isQuiet()) {
      console.out().println(line);
    }
  }
}
