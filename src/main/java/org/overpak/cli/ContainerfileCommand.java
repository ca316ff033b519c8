package org.overpak.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.overpak.build.Containerfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "containerfile",
    description = {
      "Writes a Containerfile that builds an app on its runtime, with the package manager that the"
          + " runtime has.",
      "What it builds becomes a Flatpak by overpak export."
    },
    footerHeading = "%nExample:%n",
    footer = "  overpak containerfile container.yaml --runtime oci:runtime --repo application.repo")
final class ContainerfileCommand implements Runnable {
  private static final Path STANDARD_OUTPUT = Path.of("-");

  private final Console console;

  @Mixin private AppInput input = new AppInput();

  @Option(
      names = "--from",
      paramLabel = "NAME",
      description = "What the build calls the runtime, if not as --runtime does.")
  private String from = "";

  @Option(
      names = "--repo",
      paramLabel = "FILE",
      description =
          "A .repo file to add, as seen from the build's context. May be given several times.")
  private List<Path> repositories = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Where the file goes; - prints it. It must not be there yet (default:"
              + " Containerfile).")
  private Path output = Path.of("Containerfile");

  @Mixin private ReportOptions options = new ReportOptions();

  ContainerfileCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    var request =
        new Containerfile.Request(
            input.spec(),
            input.runtime(),
            from,
            repositories,
            options.cache(console.environment()));
    String text = Containerfile.write(request, console.progress(options));
    if (output.equals(STANDARD_OUTPUT)) {
      console.out().print(text);
      console.out().flush();
      return;
    }
    try {
      Files.writeString(output, text, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    new Report(console, options).showFile(output, Map.of("containerfile", output.toString()));
  }
}
