package org.overpak.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.Sysusers;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.Sandbox;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.Content;
import org.overpak.tree.FileTree;

/// Carries out the steps of a {@link Transaction} in a root that scripts may change.
///
/// @param add lays files into that root
/// @param accounts makes users and groups in it
/// @param runner runs a command in it, to its end
/// @param rpm runs what is in Lua
/// @param failures what becomes of a script that fails
/// @param sourceDateEpoch what scripts are told to take for the time, in seconds since 1970
public record TransactionRun(
    Consumer<FileTree> add,
    Consumer<Sysusers> accounts,
    Function<SandboxCommand, Completed> runner,
    RpmProgram rpm,
    Failures failures,
    long sourceDateEpoch,
    Progress progress) {
  /// What tools say of a user that the sandbox does not have.
  private static final Pattern NEEDS_IDS =
      Pattern.compile("(?:chown|chgrp|install|owner|group)\\b.*: Invalid argument");

  /// What becomes of a script that fails.
  public enum Failures {
    /// Nothing is made, whichever script it is, as rpm 6 has it.
    STRICT,
    /// As rpm 4.18 had it: scripts that run before their package is installed are needed, all
    /// others are warned of.
    LENIENT
  }

  /// In the root that SANDBOX shows; what is the same for all is as above.
  public static TransactionRun in(
      Sandbox sandbox, Failures failures, long sourceDateEpoch, Progress progress) {
    return new TransactionRun(
        sandbox::add,
        asked ->
            sandbox.add(
                SystemAccounts.made(sandbox.files(SystemAccounts.FILES), asked, sourceDateEpoch)),
        sandbox::run,
        RpmProgram.INSTALLED,
        failures,
        sourceDateEpoch,
        progress);
  }

  /// Does the steps in their order.
  ///
  /// @param files of each added package, as they lie in the root
  /// @return warnings of scripts that failed, if that is allowed
  /// @throws OverpakException (PACKAGE) if a script fails and must not; it shows what it said
  public List<String> run(Transaction transaction, Map<Nevra, FileTree> files) {
    List<String> warnings = new ArrayList<>();
    long size = transaction.order().stream().mapToLong(PackageHeader::installedSize).sum();
    try (var installing = progress.begin("installing packages", size)) {
      for (Step step : transaction.steps()) {
        switch (step) {
          case Step.Unpack(var header) -> {
            add.accept(files.getOrDefault(header.nevra(), FileTree.EMPTY));
            installing.advance(header.installedSize());
          }
          case Step.MakeAccounts(var header) -> accounts.accept(Sysusers.of(header));
          case Step.RunScript script -> run(script, warnings);
        }
      }
    }
    return warnings;
  }

  private void run(Step.RunScript script, List<String> warnings) {
    Completed completed;
    try (var _ = progress.begin("running " + script.description(), 0)) {
      completed = runner.apply(new ScriptCommand(script, rpm).command(sourceDateEpoch));
    } catch (OverpakException e) {
      throw e.in("running " + script.description());
    }
    if (completed.succeeded()) {
      return;
    }
    if (failures == Failures.STRICT || script.critical()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          script.description() + " failed" + completed.ending(),
          advice(script, completed));
    }
    warnings.add(script.description() + " failed" + completed.ending());
  }

  private static String advice(Step.RunScript script, Completed completed) {
    if (NEEDS_IDS.matcher(completed.output()).find()) {
      return "Files of other users take subordinate ids: give the user some in /etc/subuid and"
          + " /etc/subgid, and install newuidmap and newgidmap. In an app all files belong to root"
          + " anyway, so the package can do without.";
    }
    return script.critical()
        ? "Correct the scriptlet and rebuild the package."
        : "Correct the script and rebuild the package; or, if the app does well without what it"
            + " does, build with --lenient-scriptlets, as rpm 4 was.";
  }

  /// Runs a spec's cleanup commands, as flatpak-module-tools does: `sh -ex`, in `/`.
  ///
  /// @throws OverpakException (SPEC) if one fails; it shows which
  public void cleanup(String commands) {
    Completed completed;
    try (var _ = progress.begin("running cleanup-commands", 0)) {
      completed =
          runner.apply(
              SandboxCommand.of("/bin/sh", "-ex", SandboxCommand.FILES + "/cleanup-commands")
                  .withFile("cleanup-commands", Content.of(commands))
                  .with("SOURCE_DATE_EPOCH", Long.toString(sourceDateEpoch)));
    } catch (OverpakException e) {
      throw e.in("running cleanup-commands");
    }
    if (!completed.succeeded()) {
      String last =
          completed
              .output()
              .lines()
              .filter(line -> line.startsWith("+"))
              .reduce((_, line) -> line)
              .map(line -> " at '" + Completed.printable(line.replaceFirst("^\\++ ", "")) + "'")
              .orElse("");
      throw new OverpakException(
          ExitCode.SPEC,
          "cleanup-commands failed" + last + completed.ending(),
          "Correct 'cleanup-commands' in the spec: the first command that fails ends them.");
    }
  }

  /// The first script of TRANSACTION that needs rpm.
  private static Optional<Step.RunScript> firstForRpm(Transaction transaction) {
    return transaction.steps().stream()
        .filter(Step.RunScript.class::isInstance)
        .map(Step.RunScript.class::cast)
        .filter(Step.RunScript::needsRpm)
        .findFirst();
  }

  /// Refuses a plan whose scripts need rpm where ROOT, with all packages, has none.
  ///
  /// @throws OverpakException (PACKAGE) that names the first of them
  public static void requireInterpreters(Transaction transaction, FileTree root) {
    firstForRpm(transaction)
        .filter(_ -> root.get(root.resolve(RpmProgram.PATH)).isEmpty())
        .ifPresent(
            script -> {
              throw new OverpakException(
                  ExitCode.PACKAGE,
                  script.description()
                      + (script.script().isLua() ? " is in Lua" : " has macros")
                      + ", which only rpm runs, and the runtime has no "
                      + RpmProgram.PATH,
                  "Build on a runtime with rpm, or rebuild the package with a shell script. A"
                      + " runtime that is being built needs the package 'rpm'.");
            });
  }

  /// The rpm that runs scripts where there is nothing before TRANSACTION, and ROOT after it.
  ///
  /// @throws OverpakException (PACKAGE) if a script needs one, and ROOT has none that can run
  static RpmProgram rpmFor(Transaction transaction, FileTree root) {
    requireInterpreters(transaction, root);
    return transaction.needsRpm() ? RpmProgram.carriedFrom(root) : RpmProgram.INSTALLED;
  }
}
