package org.overpak.build;

import java.util.List;
import java.util.SortedMap;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.Content;

/// What has packages installed in a sandbox.
interface InstallerCommands {
  /// What the commands find in {@link SandboxCommand#FILES}, by their names.
  SortedMap<String, Content> files();

  /// Variables of the commands' environment.
  SortedMap<String, String> environment();

  /// The commands that install PACKAGES, in their order.
  ///
  /// @param packages as the program takes them
  List<List<String>> commands(List<String> packages);
}
