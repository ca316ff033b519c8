package org.overpak.build;

import org.overpak.Progress;
import org.overpak.install.TransactionRun;
import org.overpak.sandbox.Sandbox;
import org.overpak.tree.FileTree;

/// An app's files after the spec's `cleanup-commands` have run over the runtime and them. What
/// these wrote lies in a sandbox, and is gone when this is closed.
///
/// @param files seen from `/app`
record CleanedApp(FileTree files, Runnable release) implements AutoCloseable {

  /// @param app seen from `/app`
  /// @param timestamp what the commands are told to take for the time, in seconds since 1970
  /// @throws org.overpak.OverpakException (SPEC) if a command fails
  static CleanedApp of(
      FileTree app,
      String commands,
      RuntimeImage runtime,
      long timestamp,
      WorkDirectory work,
      Progress progress) {
    if (commands.isBlank()) {
      return new CleanedApp(app, () -> {});
    }
    FileTree root = app.under(AppFinish.APP);
    Sandbox sandbox = runtime.sandbox(work, progress);
    boolean done = false;
    try {
      sandbox.add(root);
      TransactionRun.in(sandbox, TransactionRun.Failures.STRICT, timestamp, progress)
          .cleanup(commands);
      FileTree cleaned = sandbox.changes().in(AppFinish.APP).applyTo(root).subtree(AppFinish.APP);
      done = true;
      return new CleanedApp(cleaned, sandbox::close);
    } finally {
      if (!done) {
        sandbox.close();
      }
    }
  }

  @Override
  public void close() {
    release.run();
  }
}
