package org.overpak.cli;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.build.LocalInstallation;
import org.overpak.flatpak.Ref;

/// An app that was started, and ends when it is closed.
record AppProcess(Process process) implements AutoCloseable {
  /// How long an app may take to end when it is told to.
  private static final int PATIENCE_SECONDS = 2;

  static AppProcess start(LocalInstallation installation, Ref ref, List<String> arguments) {
    return new AppProcess(installation.start(ref, arguments));
  }

  /// The exit code of the app, once it has ended.
  int await() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverpakException(ExitCode.INTERRUPTED, "running the app: interrupted", "", e);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
