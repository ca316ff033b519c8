package org.overpak.cli;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

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
          "plan",
          "rebuild",
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
      case "build" -> of(new BuildCommand(console));
      case "run" -> of(new RunCommand(console));
      case "install" -> of(new InstallCommand(console));
      case "resolve" -> of(new ResolveCommand(console));
      case "why" -> of(new WhyCommand(console));
      case "plan" -> of(new PlanCommand(console));
      case "rebuild" -> of(new RebuildCommand(console));
      case "export" -> of(new ExportCommand(console));
      case "containerfile" -> of(new ContainerfileCommand(console));
      case "runtime" -> RuntimeCommand.create(console);
      case "convert" -> of(new ConvertCommand(console));
      case "index" -> of(new IndexCommand(console));
      case "completion" -> of(new CompletionCommand(console));
      default -> throw new IllegalArgumentException("no such command: " + name);
    };
  }

  /// The command that COMMAND's annotations describe.
  static CommandLine of(Object command) {
    return new CommandLine(command, Commands::instance);
  }

  /// A command without annotations, to be described by calls.
  static CommandSpec emptySpec() {
    return CommandSpec.wrapWithoutInspection(null, Commands::instance);
  }

  /// What picocli makes of a class that an annotation or a field names. Its own way looks in every
  /// jar for Groovy's closures first, which takes longer than all else at start-up.
  private static <T> T instance(Class<T> type) throws Exception {
    if (type.isInterface()) {
      Object collection =
          Set.class.isAssignableFrom(type)
              ? new LinkedHashSet<>()
              : Collection.class.isAssignableFrom(type) ? new ArrayList<>() : null;
      return requireNonNull(type.cast(collection), () -> "no implementation of " + type);
    }
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }
}
