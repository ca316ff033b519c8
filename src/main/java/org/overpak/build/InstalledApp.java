package org.overpak.build;

import java.util.List;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What an engine has left in `/app`, before it becomes an image. Content may lie in a sandbox, and
/// is gone when this is closed.
///
/// @param files seen from `/app`
/// @param lost what scripts changed or removed outside `/app`
/// @param warnings of scripts that failed and may
/// @param release gives back what FILES needs
record InstalledApp(FileTree files, List<TreePath> lost, List<String> warnings, Runnable release)
    implements AutoCloseable {
  InstalledApp {
    lost = List.copyOf(lost);
    warnings = List.copyOf(warnings);
  }

  @Override
  public void close() {
    release.run();
  }
}
