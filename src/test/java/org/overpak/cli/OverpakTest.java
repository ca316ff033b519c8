package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.overpak.ExitCode;
import picocli.CommandLine;

/// What a person sees who asks for help, or errs.
final class OverpakTest {
  static final List<String> COMMANDS = Commands.NAMES;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Console console =
      new Console(new PrintWriter(out, true), new PrintWriter(err, true), null, Map.of());

  private int run(String... arguments) {
    return Overpak.run(console, () -> false, List.of(arguments));
  }

  @Test
  void helpListsCommandsAndExitCodes() {
    assertThat(run("--help")).isZero();
    for (String command : COMMANDS) {
      assertThat(out.toString()).containsPattern("\n  " + command + " +[A-Z]");
    }
    String oneLine = out.toString().replaceAll("\\s+", " ");
    for (ExitCode code : ExitCode.values()) {
      assertThat(oneLine).contains(" " + code.status() + " " + code.meaning());
    }
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void everyCommandHasHelpWithAnExample(String name) {
    examplesOf(Commands.create(name, console));
  }

  private static void examplesOf(CommandLine command) {
    if (command.getSubcommands().isEmpty()) {
      String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
      assertThat(help).containsPattern("\nExamples?:\n.*overpak ");
      assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    }
    command.getSubcommands().values().forEach(OverpakTest::examplesOf);
  }

  @Test
  void helpOfACommandIsTheSameBothWays() {
    assertThat(run("help", "completion")).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("completion", "--help")).isZero();
    assertThat(out.toString()).isEqualTo(first).contains("Usage: overpak completion");
  }

  @Test
  void aMisspelledCommandIsSuggested() {
    assertThat(run("completoin", "bash")).isEqualTo(ExitCode.USAGE.status());
    assertThat(err.toString())
        .isEqualTo(
            """
            overpak: there is no command 'completoin'
            What to do: did you mean 'completion'? 'overpak --help' shows what there is.
            """);
  }

  @Test
  void wrongOptionsAreUsageErrors() {
    assertThat(run("completion", "bash", "--nosuch")).isEqualTo(ExitCode.USAGE.status());
    assertThat(err.toString())
        .startsWith("overpak: Unknown option: '--nosuch'\n")
        .contains("'overpak completion --help' shows what there is.");
    assertThat(run()).isEqualTo(ExitCode.USAGE.status());
  }

  @Test
  void theVersionIsTheOneThatWasBuilt() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("overpak \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n");
  }

  @Test
  void completionKnowsAllCommands() {
    assertThat(run("completion", "bash")).isZero();
    assertThat(out.toString()).contains("complete -F _complete_overpak");
    assertThat(out.toString())
        .contains("local commands=\"" + String.join(" ", COMMANDS) + " help\"");
  }
}
