package org.overpak.build;

import java.util.List;
import org.overpak.flatpak.CommitTree;
import org.overpak.oci.ImageConfig;
import org.overpak.tree.FileTree;

/// What a container engine runs in a hybrid image.
final class SystemExecution {
  private static final List<String> ENVIRONMENT =
      List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8");

  private SystemExecution() {}

  /// A shell of the runtime whose commit is TREE: bash if it is there.
  static ImageConfig.Execution of(FileTree tree) {
    boolean hasBash = tree.contains(CommitTree.FILES.resolve("bin/bash"));
    String shell = hasBash ? "/bin/bash" : "/bin/sh";
    return new ImageConfig.Execution("", ENVIRONMENT, List.of(), List.of(shell), "");
  }
}
