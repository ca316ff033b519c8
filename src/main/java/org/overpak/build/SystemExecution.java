package org.overpak.build;

import java.util.List;
import org.overpak.oci.ImageConfig;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What a container engine runs in a hybrid image.
final class SystemExecution {
  private static final List<String> ENVIRONMENT =
      List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8");

  private SystemExecution() {}

  /// A shell of ROOT: bash if it is there.
  static ImageConfig.Execution of(FileTree root) {
    String shell = root.contains(new TreePath("usr/bin/bash")) ? "/bin/bash" : "/bin/sh";
    return new ImageConfig.Execution("", ENVIRONMENT, List.of(), List.of(shell), "");
  }
}
