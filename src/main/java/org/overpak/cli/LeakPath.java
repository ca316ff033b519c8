package org.overpak.cli;

import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.TreePath;
import picocli.CommandLine.ITypeConverter;

/// Reads what `--allow-leak` names.
final class LeakPath implements ITypeConverter<TreePath> {
  @Override
  public TreePath convert(String text) {
    try {
      return TreePath.parse(text);
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.USAGE, "--allow-leak: " + e.getMessage(), "Give an absolute path.", e);
    }
  }
}
