package org.overpak.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.Rebuild;
import org.overpak.build.Rebuilt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "rebuild",
    description =
        "Builds the source packages of 'overpak plan' for /app, in a sandbox over the SDK, into a"
            + " repository for 'overpak build'. What was built from the same inputs is not built"
            + " again.",
    footerHeading = "%nExample:%n",
    footer = {
      "  overpak rebuild container.yaml --runtime oci:runtime --sdk oci:sdk --repo fedora.repo \\",
      "    --source-repo fedora.repo -o rebuilt",
      "  overpak build container.yaml --runtime oci:runtime --repo rebuilt/rebuilt.repo \\",
      "    --repo fedora.repo -o oci:app"
    })
final class RebuildCommand implements Runnable {
  private final Console console;

  @Mixin private RebuildInput input = new RebuildInput();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIRECTORY",
      description = "Where the repository is made, or added to.")
  private Path output = Path.of("");

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "NUMBER",
      description = "Build so many at the same time (default: as many as there are processors).")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(names = "--no-check", description = "Do not run the tests of packages (%%check).")
  private boolean unchecked;

  @Mixin private ReportOptions options = new ReportOptions();

  RebuildCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (jobs < 1) {
      throw new OverpakException(
          ExitCode.USAGE, "--jobs " + jobs + " would build nothing", "Use a number from 1.");
    }
    Rebuilt rebuilt =
        Rebuild.run(
            new Rebuild.Request(
                input.request(options.cache(console.environment())),
                output.toAbsolutePath().normalize(),
                jobs,
                !unchecked),
            console.progress(options));
    if (options.isJson()) {
      console.out().println(Report.asJson(json(rebuilt)));
    } else if (!options.isQuiet()) {
      show(rebuilt);
    }
  }

  private void show(Rebuilt rebuilt) {
    rebuilt.notes().forEach(note -> console.out().println("note: " + note));
    for (Rebuilt.Source source : rebuilt.sources()) {
      console
          .out()
          .println(
              (source.reused() ? "was built before: " : "built: ")
                  + source.name()
                  + ", packages: "
                  + source.packages().size());
    }
    console.out().println("use it: overpak build --repo " + rebuilt.configuration());
  }

  private static Map<String, Object> json(Rebuilt rebuilt) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("repository", rebuilt.directory().toString());
    json.put("configuration", rebuilt.configuration().toString());
    json.put("sources", rebuilt.sources().stream().map(RebuildCommand::json).toList());
    json.put("notes", rebuilt.notes());
    return json;
  }

  private static Map<String, Object> json(Rebuilt.Source source) {
    return Map.of(
        "source",
        source.name(),
        "packages",
        source.packages().stream()
            .map(file -> Objects.requireNonNull(file.getFileName()).toString())
            .toList(),
        "reused",
        source.reused(),
        "log",
        source.log().toString());
  }
}
