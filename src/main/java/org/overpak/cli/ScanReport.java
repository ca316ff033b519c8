package org.overpak.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.overpak.build.ScannedRuntime;
import org.overpak.rpm.ProvideGenerator;
import org.overpak.tree.TreePath;

/// Shows what a runtime provides: a table for people, or JSON for programs.
record ScanReport(Console console, ReportOptions options) {
  private static final List<String> HEAD = List.of("PROVIDES", "KIND", "FILE");

  void show(ScannedRuntime runtime) {
    if (options.isJson()) {
      console.out().println(Report.asJson(json(runtime)));
    } else if (!options.isQuiet()) {
      int width = console.widthOfOut();
      console.out().print(Paragraph.wrap(summary(runtime), width));
      Table.lines(HEAD, runtime.provides().stream().map(ScanReport::row).toList(), width)
          .forEach(console.out()::println);
    }
  }

  private static String summary(ScannedRuntime runtime) {
    Map<ProvideGenerator, Long> counts =
        runtime.provides().stream()
            .collect(
                Collectors.groupingBy(
                    ScannedRuntime.Provide::generator, LinkedHashMap::new, Collectors.counting()));
    return runtime.ref()
        + " provides "
        + runtime.paths().size()
        + " paths"
        + counts.entrySet().stream()
            .map(count -> ", " + count.getValue() + " of " + count.getKey().title())
            .collect(Collectors.joining());
  }

  private static List<String> row(ScannedRuntime.Provide provide) {
    int more = provide.files().size() - 1;
    return List.of(
        provide.capability(),
        provide.generator().title(),
        provide.files().getFirst() + (more > 0 ? " and " + more + " more" : ""));
  }

  private static Map<String, Object> json(ScannedRuntime runtime) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("image", runtime.image().toString());
    json.put("digest", runtime.digest().toString());
    json.put("ref", runtime.ref().toString());
    json.put("provides", runtime.provides().stream().map(ScanReport::json).toList());
    json.put("paths", runtime.paths());
    return json;
  }

  private static Map<String, Object> json(ScannedRuntime.Provide provide) {
    return Map.of(
        "capability", provide.capability(),
        "kind", provide.generator().title(),
        "files", provide.files().stream().map(TreePath::toString).toList());
  }
}
