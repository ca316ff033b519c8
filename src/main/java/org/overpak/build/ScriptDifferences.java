package org.overpak.build;

import java.util.List;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.TreePath;

/// What scripts left differently when they were run twice, though all else is the same each time.
final class ScriptDifferences {
  private ScriptDifferences() {}

  /// @param different paths as seen from DIRECTORY
  /// @throws OverpakException (PACKAGE) that names them, if there are any
  static void requireNone(TreePath directory, List<TreePath> different) {
    if (!different.isEmpty()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "run twice, the scripts left different files: "
              + different.stream()
                  .map(path -> directory.resolve(path).toString())
                  .collect(Collectors.joining(", ")),
          "Have the program that writes them honour SOURCE_DATE_EPOCH, or remove them by"
              + " 'cleanup-commands'; without --verify the image is built as it is.");
    }
  }
}
