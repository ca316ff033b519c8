package org.overpak.cli;

import java.util.List;
import picocli.CommandLine;

/// The commands there are. One is created only when it is called, so that starting Overpak loads
/// nothing of the others.
final class Commands {
  /// In the order of the help.
  static final List<String> NAMES =
      List.of(
          "build",
          "run",
          "install",
          "resolve",
          "why",
          "export",
          "containerfile",
          "runtime",
          "convert",
          "index",
          "completion");

  private Commands() {}

  /// The command NAME, with its own subcommands.
  static CommandLine create(String name, Console console) {
    return switch (name) {
      case "build" -> new CommandLine(new BuildCommand(console));
      case "run" -> new CommandLine(new RunCommand(console));
      case "install" -> new CommandLine(new InstallCommand(console));
      case "resolve" -> new CommandLine(new ResolveCommand(console));
      case "why" -> new CommandLine(new WhyCommand(console));
      case "export" -> new CommandLine(new ExportCommand(console));
      case "containerfile" -> new CommandLine(new ContainerfileCommand(console));
      case "runtime" -> RuntimeCommand.create(console);
      case "convert" -> new CommandLine(new ConvertCommand(console));
      case "index" -> new CommandLine(new IndexCommand(console));
      case "completion" -> new CommandLine(new CompletionCommand(console));
      default -> throw new IllegalArgumentException("no such command: " + name);
    };
  }
}
