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

  /// SAID, with what it does not say and SYSTEM does.
  static ImageConfig.Execution addTo(ImageConfig.Execution said, ImageConfig.Execution system) {
    boolean saysWhatToRun = !said.entrypoint().isEmpty() || !said.command().isEmpty();
    return new ImageConfig.Execution(
        said.user(),
        said.environment().isEmpty() ? system.environment() : said.environment(),
        said.entrypoint(),
        saysWhatToRun ? said.command() : system.command(),
        said.workingDirectory(),
        said.others());
  }

  /// SAID, without what {@link #addTo} would add for the runtime whose commit is TREE.
  static ImageConfig.Execution removeFrom(ImageConfig.Execution said, FileTree tree) {
    ImageConfig.Execution system = of(tree);
    boolean runsShell = said.entrypoint().isEmpty() && said.command().equals(system.command());
    return new ImageConfig.Execution(
        said.user(),
        said.environment().equals(system.environment()) ? List.of() : said.environment(),
        said.entrypoint(),
        runsShell ? List.of() : said.command(),
        said.workingDirectory(),
        said.others());
  }
}
