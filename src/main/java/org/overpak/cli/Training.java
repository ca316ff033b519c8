package org.overpak.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/// What the build runs once, to fill the AOT cache with the classes that commands need: see
/// `src/main/distribution/Assemble.java`.
final class Training {
  private static final List<List<String>> COMMAND_LINES =
      List.of(List.of("--help"), List.of("help", "completion"), List.of("--no-such-option"));

  private Training() {}

  static void main() {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var console = new Console(nowhere, nowhere, null, Map.of());
    for (List<String> commandLine : COMMAND_LINES) {
      Overpak.run(console, () -> false, commandLine);
    }
    Main.main(new String[] {"--version"}); // the process from its first to its last step
  }
}
