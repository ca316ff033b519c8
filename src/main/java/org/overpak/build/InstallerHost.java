package org.overpak.build;

import java.util.List;
import org.overpak.rpm.InstalledPackage;
import org.overpak.sandbox.Changes;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.FileTree;

/// A system whose package manager installs an app.
interface InstallerHost {
  /// What to call it in messages: the runtime or SDK, with its ref.
  String name();

  /// `/`, before anything is installed.
  FileTree root();

  /// In its RPM database.
  List<InstalledPackage> packages();

  /// A new one to install in.
  Session open();

  /// One to install in, which is thrown away.
  interface Session extends AutoCloseable {
    /// Runs COMMAND in it, as user 0 and without network, to its end, whatever that is.
    Completed run(SandboxCommand command);

    /// What the commands changed in {@link #root}; the last thing that is asked. Content is gone
    /// when this is closed.
    Changes changes();

    @Override
    void close();
  }
}
