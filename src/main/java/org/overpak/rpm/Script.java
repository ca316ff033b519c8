package org.overpak.rpm;

import java.util.List;

/// A program that a package brings for the time of its installation or removal.
///
/// @param interpreter command and arguments; `<lua>` is run inside rpm
/// @param body what the interpreter is given as a file; where it is empty, the interpreter runs
///   without it and without arguments (`%post -p /sbin/ldconfig`)
/// @param flags bits of rpmscriptFlags
public record Script(List<String> interpreter, String body, int flags) {
  static final List<String> SHELL = List.of("/bin/sh");

  public Script {
    interpreter = List.copyOf(interpreter);
  }

  public boolean isLua() {
    return interpreter.getFirst().equals("<lua>");
  }

  /// Macros in the body are expanded when it is installed (`-e`).
  public boolean expandsMacros() {
    return (flags & 1) != 0;
  }

  /// The body is a query format for the package's own header (`-q`).
  public boolean isQueryFormat() {
    return (flags & 2) != 0;
  }
}
