package org.overpak.flatpak;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What Flatpak starts when an app is run.
public final class AppCommand {
  private static final TreePath BIN = new TreePath("bin");

  private AppCommand() {}

  /// The command that `flatpak build-finish` takes where none is given: what lies in `/app/bin`,
  /// whatever it is (`flatpak-builtins-build-finish.c:update_metadata`). It takes the first in the
  /// order of the directory, which differs from filesystem to filesystem; here it is the first in
  /// the order of bytes.
  ///
  /// @param notes hears if there are several, or none
  public static Optional<String> find(FileTree app, Consumer<String> notes) {
    List<String> names = app.list(BIN);
    if (names.isEmpty()) {
      notes.accept(
          "nothing lies in /app/bin, so the app has no command; give 'command' if it is elsewhere");
      return Optional.empty();
    }
    if (names.size() > 1) {
      notes.accept(
          "several files lie in /app/bin: %s; Flatpak will start '%s'. Give 'command' to choose"
              .formatted(String.join(", ", names), names.getFirst()));
    }
    return Optional.of(names.getFirst());
  }

  /// Says so if COMMAND is not in the app, where flatpak-builder looks for it.
  public static void check(String command, FileTree app, Consumer<String> notes) {
    if (!isThere(command, app)) {
      notes.accept(
          "the command '%s' is not in the app: there is no %s; correct 'command', unless the runtime"
                  .formatted(command, path(command))
              + " has it");
    }
  }

  /// Whether COMMAND is in the app, or elsewhere.
  static boolean isThere(String command, FileTree app) {
    String path = path(command);
    try {
      return !path.startsWith("/app/")
          || app.contains(app.resolveParents(TreePath.parse(path.substring("/app".length()))));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String path(String command) {
    return command.startsWith("/") ? command : "/app/bin/" + command;
  }
}
