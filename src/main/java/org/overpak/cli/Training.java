package org.overpak.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.overpak.ExitCode;

/// What the build runs once, to fill the AOT cache with the classes that commands need and with
/// what the Java runtime learns of their loops: see `src/main/distribution/Assemble.java`.
///
///     Training DIRECTORY
///
/// DIRECTORY holds what the tests' `TrainingData` makes: `root`, `runtime.yaml`, `app.yaml` and
/// `training.repo`. What the commands write goes there too.
final class Training {
  private Training() {}

  static void main(String[] arguments) {
    String home = arguments[0];
    String runtime = "oci:" + home + "/runtime";
    String app = "oci:" + home + "/app";
    run(home, "--help");
    run(home, "help", "build");
    run(home, "build", "--no-such-option");
    String spec = home + "/app.yaml";
    String repository = "--repo=" + home + "/training.repo";
    run(home, "build", spec, "--runtime", home + "/nowhere", repository, "-o", app);
    succeed(
        home, "runtime", "import", home + "/root", "--spec", home + "/runtime.yaml", "-o", runtime);
    for (int time = 0; time < 3; time++) {
      succeed(home, "build", "--rebuild", spec, "--runtime", runtime, repository, "-o", app);
      succeed(home, "resolve", spec, "--runtime", runtime, repository);
    }
    succeed(home, "build", spec, "--runtime", runtime, repository, "-o", app); // as remembered
    succeed(home, "convert", runtime, "--layout", "plain", "-o", "oci:" + home + "/plain");
    Main.run(new String[] {"--version"}); // the process from its first to its last step
  }

  private static void succeed(String home, String... arguments) {
    int status = run(home, arguments);
    if (status != ExitCode.OK.status()) {
      throw new IllegalStateException(String.join(" ", arguments) + ": exit code " + status);
    }
  }

  private static int run(String home, String... arguments) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var console = new Console(nowhere, nowhere, null, Map.of("HOME", home));
    return Overpak.run(console, () -> false, List.of(arguments));
  }
}
