package org.overpak.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.overpak.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

/// The command line of Overpak: which command is meant, and how it ends.
///
/// A command implements `Runnable`, or `Callable` where a program that it runs decides how it ends:
/// it parses and shows, and calls one plain method of a lower room. It ends well by returning, and
/// badly by throwing.
final class Overpak {
  private Overpak() {}

  /// Runs the command that ARGUMENTS name, to its end, and returns what the process ends with.
  ///
  /// @param interrupted whether the process was told to end
  static int run(Console console, BooleanSupplier interrupted, List<String> arguments) {
    var errors = new ErrorRendering(console, interrupted);
    try {
      return commandLine(console, commandsFor(arguments))
          .setOut(console.out())
          .setErr(console.err())
          .setParameterExceptionHandler((e, _) -> errors.show(e).status())
          .setExecutionExceptionHandler((e, _, _) -> errors.show(e).status())
          .execute(arguments.toArray(String[]::new));
    } catch (Error e) { // out of memory, or a class is missing
      return errors.show(e).status();
    }
  }

  /// The command line with all commands, as the completion script needs it.
  static CommandLine withAllCommands(Console console) {
    return commandLine(console, Commands.NAMES);
  }

  /// Only the command that is called. All, where the user looks for one; none for a lone option.
  private static List<String> commandsFor(List<String> arguments) {
    if (arguments.equals(List.of("-V")) || arguments.equals(List.of("--version"))) {
      return List.of();
    }
    return arguments.stream()
        .filter(argument -> !argument.startsWith("-"))
        .findFirst()
        .filter(Commands.NAMES::contains)
        .map(List::of)
        .orElse(Commands.NAMES);
  }

  private static CommandLine commandLine(Console console, List<String> commands) {
    // built by calls, not from annotations, which take longer to read than all else together
    var spec = Commands.emptySpec().name("overpak").versionProvider(new Version());
    var exitCodes = new LinkedHashMap<String, String>();
    for (ExitCode code : ExitCode.values()) {
      exitCodes.put(String.valueOf(code.status()), code.meaning());
    }
    spec.usageMessage()
        .description("Builds Flatpaks as OCI images from RPM packages, on top of their runtime.")
        .synopsisSubcommandLabel("COMMAND")
        .commandListHeading("%nCommands:%n")
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(exitCodes);
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Show the version.")
            .build());
    var top = Commands.of(spec);
    for (String name : commands) {
      top.addSubcommand(name, Commands.create(name, console));
    }
    if (!commands.isEmpty()) {
      top.addSubcommand(Commands.of(new HelpCommand()));
    }
    addHelpOption(top);
    top.setExpandAtFiles(false).setCaseInsensitiveEnumValuesAllowed(true);
    if (!console.isColoured()) {
      top.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }
    return top;
  }

  /// Every command explains itself.
  private static void addHelpOption(CommandLine command) {
    if (command.getCommand() instanceof HelpCommand) {
      return;
    }
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    command.getSubcommands().values().forEach(Overpak::addHelpOption);
  }
}
