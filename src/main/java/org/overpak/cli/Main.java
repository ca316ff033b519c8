package org.overpak.cli;

import java.util.List;

/// The process: runs one command and ends with its exit code.
final class Main {
  private Main() {}

  static void main(String[] args) {
    Console console = Console.ofProcess();
    Interruption interruption = Interruption.of(console);
    System.exit(
        interruption.run(() -> Overpak.run(console, interruption::hasHappened, List.of(args))));
  }
}
