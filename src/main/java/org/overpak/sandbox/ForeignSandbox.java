package org.overpak.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Directories;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;

/// A sandbox that a program of the machine makes around a directory, which commands in it may
/// change: we give that program a namespace in which it is user 0, and say what they changed. Not
/// for several threads.
///
/// What commands see is up to that program.
public final class ForeignSandbox implements AutoCloseable {
  private final Path directory;
  private final Namespace namespace;
  private final UpperDirectory upper;

  private ForeignSandbox(Path directory, FileTree tree, Namespace namespace) throws IOException {
    this.directory = directory;
    this.namespace = namespace;
    this.upper = new UpperDirectory(directory, tree, false, namespace);
  }

  /// Refuses what {@link #around} would refuse.
  ///
  /// @throws OverpakException (SANDBOX) if this machine allows none, or this is its root, whom
  ///   commands could be in such a sandbox
  public static void requirePossible() {
    mapping();
  }

  private static IdMapping mapping() {
    Sandbox.require("unshare", "util-linux");
    IdMapping mapping = IdMapping.ofProcess();
    if (mapping instanceof IdMapping.Identity) {
      throw new OverpakException(
          ExitCode.SANDBOX,
          "scripts of packages would run as this machine's root, in a sandbox that is not made"
              + " for that",
          "Start Overpak as an ordinary user.");
    }
    return mapping;
  }

  /// A sandbox around DIRECTORY, all of which belongs to this user, and which goes when it is
  /// closed.
  ///
  /// @throws OverpakException as {@link #requirePossible}
  public static ForeignSandbox around(Path directory) {
    IdMapping mapping = mapping();
    try {
      return new ForeignSandbox(
          directory,
          FileTree.ofDirectory(directory).map(ForeignSandbox::ofRoot),
          new Namespace(mapping));
    } catch (IOException e) {
      throw Sandbox.failure(directory, e);
    }
  }

  private static Entry ofRoot(Entry entry) {
    return entry.with(Attributes.of(entry.attributes().mode(), entry.attributes().modified()));
  }

  /// Runs PROGRAM, which makes the sandbox, to its end, whatever that is.
  ///
  /// @throws OverpakException as {@link Sandbox#run}
  public Completed run(List<String> program, Duration limit) {
    // As in our own sandbox: what is made must not depend on who makes it.
    List<String> line = new ArrayList<>(List.of("sh", "-c", "umask 022 && exec \"$@\"", "overpak"));
    line.addAll(program);
    return namespace.run(line, directory, Content.of(""), limit);
  }

  /// What the commands changed, until now; as {@link Sandbox#changes}.
  public Changes changes() {
    try {
      return upper.changes();
    } catch (IOException e) {
      throw Sandbox.failure(directory, e);
    }
  }

  @Override
  public void close() {
    try {
      if (namespace.mapping() instanceof IdMapping.Subordinate) {
        // Only there do files of other users belong to one who may remove them.
        namespace.run(
            List.of("find", ".", "-mindepth", "1", "-delete"),
            directory,
            Content.of(""),
            Duration.ofMinutes(2));
      }
      Directories.delete(directory);
    } catch (IOException | OverpakException _) {
      // What stays lies in the directory of this build, and harms nobody.
    }
  }
}
