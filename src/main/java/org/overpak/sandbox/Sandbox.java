package org.overpak.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.Content;
import org.overpak.tree.Directories;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// A root in which commands may do what they like: none of it reaches the {@link MaterializedRoot}
/// below, and all of it can be asked for at the end. Not for several threads.
///
/// The root is the lower layer of an overlay, mounted for each command in a namespace of its own;
/// the upper layer is a directory here. Where the kernel mounts none, the sandbox works on a copy
/// of the root, with the same result.
public final class Sandbox implements AutoCloseable {
  private static final Duration SHORT = Duration.ofMinutes(2);

  /// What installing takes: nothing that reaches beyond the sandbox. Without `CAP_SETFCAP`, since
  /// capabilities of files are not read back: setcap fails rather than being forgotten. Only a
  /// package manager has it, for which they are but one attribute of many files.
  private static final List<String> CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_MKNOD",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SYS_CHROOT");

  private static final String MOUNT =
      "mount -t overlay overlay -o userxattr,lowerdir=lower,upperdir=upper,workdir=overlay merged";

  /// The devices that bubblewrap's `--dev` has.
  private static final List<String> DEVICES =
      List.of("null", "zero", "full", "random", "urandom", "tty");

  /// The machine's devices belong to its root, who could change their mode from inside. Bubblewrap
  /// cannot bind a device read-only; the device itself can be written to all the same.
  private static final String PROTECT_DEVICES =
      "for device in "
          + String.join(" ", DEVICES)
          + "; do mount --bind -o ro,nosuid,noexec /dev/$device devices/$device || exit; done";

  private final Path work;
  private final Namespace namespace;
  private final boolean overlaid;
  private final UpperDirectory upper;
  private final DirectoryWriter writer;
  private CompletableFuture<?> removal = CompletableFuture.completedFuture("none");

  /// How a sandbox is made.
  ///
  /// @param overlay whether the kernel's overlay may be used
  /// @param subordinate whether the user's subordinate ids may be, so that commands can change
  ///   owners
  public record Options(boolean overlay, boolean subordinate) {
    public static final Options DEFAULT = new Options(true, true);
  }

  private Sandbox(Path work, MaterializedRoot root, Namespace namespace, boolean overlaid)
      throws IOException {
    this.work = work;
    this.namespace = namespace;
    this.overlaid = overlaid;
    Path directory = work.resolve(overlaid ? "upper" : "merged");
    this.writer = new DirectoryWriter(directory);
    this.upper = new UpperDirectory(directory, root.tree(), overlaid, namespace);
  }

  /// A sandbox over ROOT.
  ///
  /// @param parent an existing directory, for the sandbox's files, which go when it is closed
  /// @throws OverpakException (SANDBOX) if this machine allows none
  public static Sandbox over(MaterializedRoot root, Path parent, Options options) {
    require("unshare", "util-linux");
    require("mount", "util-linux");
    require("bwrap", "bubblewrap");
    IdMapping mapping = IdMapping.ofProcess();
    if (!options.subordinate() && mapping instanceof IdMapping.Subordinate some) {
      mapping = new IdMapping.Alone(some.uid(), some.gid());
    }
    var namespace = new Namespace(mapping);
    try {
      Path work =
          Files.createTempDirectory(
              parent,
              "sandbox-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      for (String directory : List.of("upper", "overlay", "merged", "files", "devices")) {
        Files.createDirectory(work.resolve(directory));
      }
      for (String device : DEVICES) {
        Files.createFile(work.resolve("devices").resolve(device));
      }
      Files.createSymbolicLink(work.resolve("lower"), root.directory().toAbsolutePath());
      boolean overlaid = options.overlay() && canMount(namespace, work);
      if (!overlaid) {
        copy(root, work.resolve("merged"));
      }
      return new Sandbox(work, root, namespace, overlaid);
    } catch (IOException e) {
      throw failure(parent, e);
    }
  }

  static void require(String program, String from) {
    if (!Programs.has(program)) {
      throw new OverpakException(
          ExitCode.SANDBOX,
          "a script must be run, but there is no program " + program + " (" + from + ")",
          Namespace.WITHOUT);
    }
  }

  private static boolean canMount(Namespace namespace, Path work) {
    return namespace.run(List.of("sh", "-c", MOUNT), work, Content.of(""), SHORT).succeeded();
  }

  private static void copy(MaterializedRoot root, Path target) throws IOException {
    try (var step = Progress.SILENT.begin("", 0);
        var writer = new DirectoryWriter(target)) {
      writer.write(FileTree.ofDirectory(root.directory()), step);
      writer.finish();
    }
  }

  static OverpakException failure(Path directory, IOException e) {
    return new OverpakException(
        ExitCode.FILESYSTEM,
        "the sandbox's files cannot be written into " + directory + ": " + e,
        "Make room there, repair it, or choose another cache with --cache DIRECTORY.",
        e);
  }

  /// Adds TREE, as if it had always been there: it is no change, as long as no command touches it.
  /// What stands in the place of a file or link is replaced, directories are kept.
  ///
  /// @throws OverpakException (PACKAGE) if a command has put something else where TREE has a
  ///   directory
  public void add(FileTree tree) {
    try (var step = Progress.SILENT.begin("", 0)) {
      writer.write(tree, step);
      upper.added(tree);
    } catch (java.nio.file.FileAlreadyExistsException e) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "a script has put something in the place of "
              + work.relativize(Path.of(e.getFile()))
              + ", where a package has something else",
          "Rebuild the package of the script.",
          e);
    } catch (IOException e) {
      throw failure(work, e);
    }
  }

  /// Waits until all that was added is there, since what is added next is unpacked meanwhile.
  private void settle() throws IOException {
    writer.finish();
    upper.settle();
  }

  /// Those of PATHS that are regular files now, with their content in memory; no link is followed.
  ///
  /// @throws OverpakException (FILESYSTEM) if one cannot be read
  public FileTree files(Collection<TreePath> paths) {
    try {
      settle();
      return upper.files(paths);
    } catch (IOException e) {
      throw failure(work, e);
    }
  }

  /// Runs COMMAND to its end, whatever that is.
  ///
  /// @throws OverpakException (SANDBOX) if it did not end in time; (INTERRUPTED) if this thread was
  ///   interrupted; the command and all that it started are killed then
  public Completed run(SandboxCommand command) {
    try {
      settle();
      writeFiles(command.files());
    } catch (IOException e) {
      throw failure(work, e);
    }
    List<String> program = new ArrayList<>(List.of("sh", "-c", mounts(), "overpak"));
    program.addAll(bubblewrap(command));
    program.add("--");
    program.addAll(command.arguments());
    return namespace.run(program, work, command.input(), command.limit());
  }

  /// What must be mounted before bubblewrap starts; then goes on as that.
  private String mounts() {
    List<String> steps = new ArrayList<>();
    if (overlaid) {
      steps.add(MOUNT);
    }
    if (isRoot()) {
      steps.add(PROTECT_DEVICES);
    }
    // What is made must not depend on who makes it.
    steps.add("umask 022");
    steps.add("exec \"$@\"");
    return String.join(" && ", steps);
  }

  /// Whether user 0 of the sandbox is the machine's.
  private boolean isRoot() {
    return namespace.mapping() instanceof IdMapping.Identity;
  }

  private void writeFiles(Map<String, Content> files) throws IOException {
    Path directory = work.resolve("files");
    Directories.delete(directory);
    Files.createDirectory(directory);
    for (Map.Entry<String, Content> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      try (InputStream in = file.getValue().open()) {
        Files.copy(in, path);
      }
      // Any of them may be a program.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private List<String> bubblewrap(SandboxCommand command) {
    List<String> result =
        new ArrayList<>(
            List.of(
                "bwrap", "--bind", "merged", "/", "--proc", "/proc", "--dev", "/dev", "--perms",
                "1777", "--tmpfs", "/tmp", "--tmpfs", "/run"));
    if (!command.files().isEmpty()) {
      result.addAll(List.of("--ro-bind", "files", SandboxCommand.FILES));
    }
    command
        .mounts()
        .forEach(
            (path, file) ->
                result.addAll(List.of("--ro-bind", file.toAbsolutePath().toString(), path)));
    if (isRoot()) {
      for (String device : DEVICES) {
        result.addAll(List.of("--dev-bind", "devices/" + device, "/dev/" + device));
      }
    }
    result.addAll(
        List.of(
            // Most of /proc/sys is the machine's, and its root may write it whatever the
            // namespace; nor can a namespace be made in which there were other capabilities.
            "--remount-ro",
            "/proc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--hostname",
            "localhost",
            "--die-with-parent",
            "--new-session",
            "--cap-drop",
            "ALL"));
    CAPABILITIES.forEach(capability -> result.addAll(List.of("--cap-add", capability)));
    if (command.packaging()) {
      result.addAll(List.of("--cap-add", "CAP_SETFCAP"));
    }
    result.add("--clearenv");
    command.variables().forEach((name, value) -> result.addAll(List.of("--setenv", name, value)));
    result.addAll(List.of("--chdir", command.directory()));
    return result;
  }

  /// What the commands changed, until now. No command may be run after that. Content stays in the
  /// sandbox's files, and goes with it.
  public Changes changes() {
    try {
      settle();
      Changes changes = upper.changes();
      // That takes long and is little work, so it is done beside what comes now.
      removal =
          CompletableFuture.runAsync(
              () -> upper.removeAllBut(changes),
              Thread.ofPlatform().daemon().name("sandbox-removal")::start);
      return changes;
    } catch (IOException e) {
      throw failure(work, e);
    }
  }

  /// Removes all that it wrote.
  @Override
  public void close() {
    writer.close();
    try {
      removal.join();
      if (namespace.mapping() instanceof IdMapping.Subordinate) {
        // Only there do files of other users belong to one who may remove them.
        namespace.run(
            List.of("rm", "-rf", "upper", "overlay", "merged"), work, Content.of(""), SHORT);
      }
      Directories.delete(work);
    } catch (IOException | OverpakException _) {
      // What stays lies in the directory of this build, and harms nobody.
    }
  }
}
