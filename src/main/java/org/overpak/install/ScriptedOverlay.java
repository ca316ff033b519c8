package org.overpak.install;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.Nevra;
import org.overpak.sandbox.Changes;
import org.overpak.sandbox.Sandbox;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// An {@link Overlay} after scripts have run over it. What they wrote lies in the sandbox, and is
/// gone when this is closed.
public final class ScriptedOverlay implements AutoCloseable {
  private final Overlay overlay;
  private final Changes changes;
  private final List<String> warnings;
  private final @Nullable Sandbox sandbox;

  private ScriptedOverlay(
      Overlay overlay, Changes changes, List<String> warnings, @Nullable Sandbox sandbox) {
    this.overlay = overlay;
    this.changes = changes;
    this.warnings = List.copyOf(warnings);
    this.sandbox = sandbox;
  }

  /// What is run, and how.
  ///
  /// @param cleanup a shell script to run after all others; empty if there is none
  /// @param sourceDateEpoch what scripts are told to take for the time, in seconds since 1970
  public record Scripts(
      Transaction transaction,
      String cleanup,
      TransactionRun.Failures failures,
      long sourceDateEpoch) {
    boolean areNone() {
      return cleanup.isBlank() && !transaction.runsScripts();
    }
  }

  /// Installs OVERLAY's packages one by one and runs SCRIPTS, as rpm does. If there is nothing to
  /// run, no sandbox is asked for.
  ///
  /// @param sandbox over the root that OVERLAY was laid over
  /// @throws OverpakException as {@link TransactionRun} and the sandbox do
  public static ScriptedOverlay of(
      Overlay overlay, Scripts scripts, Supplier<Sandbox> sandbox, Progress progress) {
    if (scripts.areNone()) {
      return new ScriptedOverlay(overlay, Changes.NONE, List.of(), null);
    }
    TransactionRun.requireInterpreters(scripts.transaction(), overlay.root());
    Sandbox opened = sandbox.get();
    boolean done = false;
    try {
      var run = TransactionRun.in(opened, scripts.failures(), scripts.sourceDateEpoch(), progress);
      Map<Nevra, FileTree> files = new HashMap<>();
      overlay.parts().forEach(part -> files.put(part.nevra(), part.files()));
      List<String> warnings = run.run(scripts.transaction(), files);
      if (!scripts.cleanup().isBlank()) {
        run.cleanup(scripts.cleanup());
      }
      var result = new ScriptedOverlay(overlay, opened.changes(), warnings, opened);
      done = true;
      return result;
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  /// The root with all packages and all that scripts changed in DIRECTORY, seen from there.
  public FileTree subtree(TreePath directory) {
    return changes.in(directory).applyTo(overlay.root()).subtree(directory);
  }

  /// The paths that each package brought, in the order of installation; scripts may have changed or
  /// removed what is there.
  public List<Set<TreePath>> parts() {
    return overlay.parts().stream()
        .<Set<TreePath>>map(part -> part.files().entries().keySet())
        .toList();
  }

  /// What scripts changed or removed outside of DIRECTORY. A directory is named if nothing in it
  /// is.
  public NavigableSet<TreePath> changesOutside(TreePath directory) {
    Changes outside = changes.outside(directory);
    var result = new TreeSet<>(outside.removed());
    Set<TreePath> above = new HashSet<>();
    for (TreePath path : outside.changed().entries().descendingKeySet()) {
      boolean isDirectory = outside.changed().get(path).orElseThrow() instanceof Entry.Directory;
      if (!isDirectory || !above.contains(path)) {
        result.add(path);
        for (TreePath up = path.parent(); above.add(up); up = up.parent()) {
          // All directories on the way.
        }
      }
    }
    return result;
  }

  /// Scripts that failed and may.
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }
}
