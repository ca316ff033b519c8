package org.overpak.install;

import java.util.ArrayList;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.rpm.Script;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.Content;

/// How a script is run as a command, as rpm runs it (rpmscript.c): the interpreter, the body as a
/// file, the counts; in `/`, with rpm's `PATH` and none of this machine's variables.
///
/// @param rpm does what rpm does within itself, Lua and macros
record ScriptCommand(Step.RunScript run, RpmProgram rpm) {
  /// `%_install_script_path`.
  private static final String SCRIPT_PATH = "/sbin:/bin:/usr/sbin:/usr/bin:/usr/X11R6/bin";

  private static final String BODY = SandboxCommand.FILES + "/script";
  private static final String LUA = SandboxCommand.FILES + "/run.lua";

  /// Where the body is after its macros were expanded.
  private static final String EXPANDED = "/tmp/rpm-tmp.script";

  /// Expands macros, then goes on with the interpreter; what the script is to read is left to it.
  private static final String EXPAND =
      "%s --eval \"$(cat " + BODY + ")\" > " + EXPANDED + " < /dev/null && exec \"$@\"";

  SandboxCommand command(long sourceDateEpoch) {
    Script script = run.script();
    if (script.isQueryFormat()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          run.description() + " is a query format (-q), which is not supported",
          "Rebuild the package without '-q'.");
    }
    SandboxCommand command = SandboxCommand.of(arguments().toArray(String[]::new));
    if (run.hasFile()) {
      command = command.withFile("script", Content.of(script.body()));
    }
    if (script.isLua()) {
      command = command.withFile("run.lua", Content.of(lua()));
      for (var variable : rpm.environment().entrySet()) {
        command = command.with(variable.getKey(), variable.getValue());
      }
    }
    if (run.needsRpm()) {
      command = rpm.addTo(command);
    }
    command =
        command
            .with("PATH", SCRIPT_PATH)
            .with("HOME", "/root")
            .with("LANG", "C.UTF-8")
            .with("TERM", "dumb")
            .with("SOURCE_DATE_EPOCH", Long.toString(sourceDateEpoch));
    for (int i = 0; i < run.prefixes().size(); i++) {
      command = command.with("RPM_INSTALL_PREFIX" + i, run.prefixes().get(i));
    }
    if (!run.prefixes().isEmpty()) {
      command = command.with("RPM_INSTALL_PREFIX", run.prefixes().getFirst());
    }
    return run.input().isEmpty()
        ? command
        : command.withInput(Content.of(String.join("\n", run.input()) + "\n"));
  }

  private List<String> arguments() {
    Script script = run.script();
    List<String> result = new ArrayList<>();
    if (script.isLua()) {
      result.addAll(rpm.words());
      result.addAll(List.of("--eval", "%{lua:dofile(\"" + LUA + "\")}"));
      return result;
    }
    boolean expands = run.hasFile() && script.expandsMacros();
    if (expands) {
      result.addAll(List.of("/bin/sh", "-c", EXPAND.formatted(rpm.shellWords()), "sh"));
    }
    result.addAll(script.interpreter());
    if (run.hasFile()) {
      result.add(expands ? EXPANDED : BODY);
      run.arguments().forEach(argument -> result.add(argument.toString()));
    }
    return result;
  }

  /// What rpm gives a Lua script: its arguments, the files that set off a trigger, the prefixes.
  private String lua() {
    var text = new StringBuilder();
    text.append("local file = assert(io.open(").append(quoted(BODY)).append("))\n");
    text.append("local body = file:read(\"a\")\n");
    text.append("file:close()\n");
    if (run.script().expandsMacros()) {
      text.append("body = rpm.expand(body)\n");
    }
    // Only that rpm itself is told, not what a script runs.
    rpm.environment()
        .keySet()
        .forEach(name -> text.append("posix.unsetenv(").append(quoted(name)).append(")\n"));
    if (!run.input().isEmpty()) {
      text.append("rpm.next_file = function() return io.read(\"l\") end\n");
    }
    if (!run.prefixes().isEmpty()) {
      text.append("RPM_INSTALL_PREFIX = {");
      run.prefixes().forEach(prefix -> text.append(quoted(prefix)).append(", "));
      text.append("}\n");
    }
    text.append("local script, problem = load(\"local opt, arg = ...;\" .. body, ")
        .append(quoted(run.description()))
        .append(")\n");
    text.append("if not script then error(problem, 0) end\n");
    text.append("script({}, {\"<lua>\"");
    run.arguments().forEach(argument -> text.append(", ").append(argument));
    return text.append("})\n").toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
