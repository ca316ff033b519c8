package org.overpak.cli;

import java.util.List;
import org.overpak.ExitCode;

/// The process: runs one command and ends with its exit code.
final class Main {
  private Main() {}

  static void main(String[] args) {
    int status = run(args);
    // A process that ends well ends by itself: to exit, Java first looks for a logger in every jar.
    if (status != ExitCode.OK.status()) {
      System.exit(status);
    }
  }

  /// All that the process does but ending.
  static int run(String[] args) {
    Console console = Console.ofProcess();
    Interruption interruption = Interruption.of(console);
    return interruption.run(() -> Overpak.run(console, interruption::hasHappened, List.of(args)));
  }
}
