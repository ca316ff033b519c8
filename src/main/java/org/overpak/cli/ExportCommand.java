package org.overpak.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.overpak.build.AppExport;
import org.overpak.build.ExportSource;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.tree.TreePath;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Makes an app of what a container build on its runtime has left in /app.",
      "Inside the container, at the end of a Containerfile, the root is dir:/."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  overpak export oci-archive:built.tar --spec container.yaml --runtime oci:runtime -o"
            + " oci:app")
final class ExportCommand implements Runnable {
  private final Console console;

  @Parameters(
      paramLabel = "IMAGE",
      converter = Source.class,
      description = "What the build left: " + ExportSource.SUPPORTED + ".")
  private ExportSource source = new ExportSource.Root(Path.of(""));

  @Option(
      names = "--spec",
      required = true,
      paramLabel = "SPEC",
      description = "The container.yaml of the app.")
  private Path spec = Path.of("");

  @Option(
      names = "--runtime",
      required = true,
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description = "The image of the runtime that it was built on: " + ImageName.READABLE + ".")
  private ImageName runtime = new ImageName.Layout(Path.of(""), "");

  @Option(
      names = "--allow-leak",
      paramLabel = "PATH",
      converter = LeakPath.class,
      description = "Drop this file, or all in this directory, which the build left outside /app.")
  private List<TreePath> allowedLeaks = new ArrayList<>();

  @Mixin private LayoutOptions layout = new LayoutOptions();
  @Mixin private CommonOptions options = new CommonOptions();

  ExportCommand(Console console) {
    this.console = console;
  }

  /// Reads where the result of a container build is.
  static final class Source implements ITypeConverter<ExportSource> {
    @Override
    public ExportSource convert(String text) {
      return ExportSource.parse(text);
    }
  }

  @Override
  public void run() {
    var request =
        new AppExport.Request(
            ContainerSpec.read(spec),
            source,
            runtime,
            allowedLeaks,
            options.output(),
            layout.ofApp(console.environment()),
            options.cache(console.environment()),
            CommonOptions.timestamp(console.environment()));
    new Report(console, options).show(AppExport.run(request, console.progress(options)));
  }
}
