package org.overpak.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Prints a script that teaches a shell to complete commands and options.",
    footerHeading = "%nExample:%n",
    footer = "  source <(overpak completion bash)")
final class CompletionCommand implements Runnable {

  /// The shells whose completion picocli can write; zsh runs the one for bash.
  enum Shell {
    bash,
    zsh
  }

  private final Console console;

  @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (shell == Shell.zsh) {
      console.out().println("autoload -U +X compinit && compinit");
    }
    console.out().print(AutoComplete.bash("overpak", Overpak.withAllCommands(console)));
    console.out().flush();
  }
}
