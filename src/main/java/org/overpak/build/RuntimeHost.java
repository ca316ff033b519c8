package org.overpak.build;

import java.util.List;
import org.overpak.rpm.InstalledPackage;
import org.overpak.sandbox.Changes;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.Sandbox;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.FileTree;

/// The runtime that an app is built on, in our sandbox.
record RuntimeHost(BuildContext context) implements InstallerHost {
  @Override
  public String name() {
    return context.runtime().ref().toString();
  }

  @Override
  public FileTree root() {
    return context.runtime().root();
  }

  @Override
  public List<InstalledPackage> packages() {
    return context.runtime().packages();
  }

  @Override
  public Session open() {
    Sandbox sandbox = context.sandbox();
    return new Session() {
      @Override
      public Completed run(SandboxCommand command) {
        return sandbox.run(command);
      }

      @Override
      public Changes changes() {
        return sandbox.changes();
      }

      @Override
      public void close() {
        sandbox.close();
      }
    };
  }
}
