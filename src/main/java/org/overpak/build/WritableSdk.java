package org.overpak.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.Ref;
import org.overpak.install.Transaction;
import org.overpak.repo.VerifiedPackage;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.RpmDatabase;
import org.overpak.sandbox.Changes;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.ForeignSandbox;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// An SDK that Flatpak has installed on this machine, of which `flatpak build-init --writable-sdk`
/// makes a copy, in which `flatpak build` runs commands: `/usr` and `/etc` are of that copy, `/app`
/// is a directory beside it.
///
/// Flatpak gives commands the user's own id and no other. Packages are installed by root, so all of
/// Flatpak is run in a namespace in which the user is root, with the subordinate ids that the user
/// has; it takes nothing away from that.
///
/// @param root of the SDK as it is installed
/// @param packages in its RPM database; none if it has none, as its runtime
record WritableSdk(BuildContext context, Ref ref, FileTree root, List<InstalledPackage> packages)
    implements InstallerHost {
  private static final TreePath USR_ETC = new TreePath("usr/etc");

  /// Where {@link SandboxCommand} lets files and directories appear.
  private static final Path RUN = Path.of("/run");

  WritableSdk {
    packages = List.copyOf(packages);
  }

  /// The SDK that the spec names, or else the runtime.
  ///
  /// @throws OverpakException (CLIENT) if Flatpak is missing, or the SDK is not installed; (IMAGE)
  ///   if it has no RPM database, but the runtime has one; (SANDBOX) if nothing can be run in it
  static WritableSdk of(BuildContext context) {
    ForeignSandbox.requirePossible();
    RuntimeImage runtime = context.runtime();
    Ref ref = RuntimeSdk.of(context.spec().runtime().sdk(), runtime.ref(), runtime.metadata());
    Path files = FlatpakClient.location(ref).resolve("files");
    FileTree root = HybridLayout.systemRoot(FileTree.ofDirectory(files).under(CommitTree.FILES));
    if (RpmDatabase.find(root).isEmpty() && runtime.scanned().isPresent()) {
      return new WritableSdk(context, ref, root, List.of());
    }
    try {
      var packages = RpmDatabase.open(root, context.work().path().resolve("sdk-rpmdb")).packages();
      return new WritableSdk(context, ref, root, packages);
    } catch (OverpakException e) {
      throw e.in("reading " + files);
    }
  }

  @Override
  public String name() {
    return "the SDK " + ref;
  }

  /// Whether what is in it is only known from the files of its runtime.
  boolean isScanned() {
    return packages.isEmpty();
  }

  /// What installs packages in it; empty if that is rpm alone, which is also the one that can do
  /// without knowing what is there.
  ///
  /// @throws OverpakException (IMAGE) if it has nothing that does
  Optional<PackageInstaller> installer() {
    Optional<PackageInstaller> installer =
        isScanned() ? Optional.empty() : PackageInstaller.of(root);
    if (installer.isEmpty() && !root.contains(Transaction.RPM)) {
      throw new OverpakException(
          ExitCode.IMAGE,
          name() + (isScanned() ? " has no rpm" : " has neither a package manager nor rpm"),
          "Use an SDK with rpm, or leave out --engine: a native build needs nothing of it.");
    }
    return installer;
  }

  @Override
  public Session open() {
    try {
      Path work = Files.createTempDirectory(context.work().path(), "writable-sdk-");
      Path build = work.resolve("build");
      try (var _ = context.progress().begin("copying " + name(), 0)) {
        FlatpakClient.initWritable(build, context.spec().id(), ref);
      }
      return new FlatpakBuild(ForeignSandbox.around(build), build, work.resolve("run"));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private OverpakException failure(IOException e) {
    return new OverpakException(
        ExitCode.FILESYSTEM,
        context.work().path() + " cannot be written: " + e.getMessage(),
        "Make room there, or choose another cache with --cache DIRECTORY.",
        e);
  }

  /// What is to be installed: what the runtime lacks, whatever the SDK has.
  ///
  /// @throws OverpakException (UNSOLVABLE) also if nothing but the SDK has what the app needs;
  ///   (IMAGE) if the SDK was made of the app's own packages; or as a native build does
  AppPlan plan() {
    AppPlan plan;
    try {
      plan = context.planOnTop();
    } catch (OverpakException e) {
      if (e.exitCode() == ExitCode.UNSOLVABLE && !isScanned()) {
        requireOfRuntime(e);
      }
      throw e;
    }
    Set<Nevra> there = new HashSet<>();
    packages.forEach(one -> there.add(one.nevra()));
    for (VerifiedPackage one : plan.packages()) {
      PackageHeader header = one.file().header();
      if (there.contains(header.nevra())
          && header.files().stream().anyMatch(file -> file.path().startsWith(AppFinish.APP))) {
        throw new OverpakException(
            ExitCode.IMAGE,
            "%s says that %s is installed, but has nothing of it in /app"
                .formatted(name(), header.nevra()),
            "Build on an SDK without packages of apps, or leave out --engine.");
      }
    }
    return plan;
  }

  /// Says what the SDK alone has, if that is all that resolving over the runtime FAILED for.
  private void requireOfRuntime(OverpakException failed) {
    List<PackageHeader> headers = new ArrayList<>();
    packages.forEach(one -> headers.add(one.header()));
    var installed =
        new RuntimePackages(
            context.runtime().ref(),
            context.runtime().image().digest(),
            PackageIndex.of(headers.stream().map(PackageHeader::metadata).toList()));
    Selection selection;
    try {
      selection = context.resolver().over(installed).selection();
    } catch (OverpakException _) {
      throw failed;
    }
    context.fetch(selection).forEach(one -> headers.add(one.file().header()));
    Resolver.Installed there = context.resolver().installed(context.installed());
    new CleanSystem(selection, List.of(), headers, context, there, name()).app();
  }

  /// @param build the directory that `flatpak build-init` made
  /// @param run what commands find in `/run`
  private record FlatpakBuild(ForeignSandbox sandbox, Path build, Path run) implements Session {
    @Override
    public Completed run(SandboxCommand command) {
      List<String> line = new ArrayList<>(List.of("flatpak", "build", "--die-with-parent"));
      // By itself it shows the files of the user, who is root there.
      line.add("--nofilesystem=host");
      try {
        for (String name : provide(command)) {
          line.add("--bind-mount=%s=%s".formatted(RUN.resolve(name), run.resolve(name)));
        }
      } catch (IOException e) {
        throw new OverpakException(
            ExitCode.FILESYSTEM,
            run + " cannot be written: " + e.getMessage(),
            "Make room there, or choose another cache with --cache DIRECTORY.",
            e);
      }
      line.add("--build-dir=" + command.directory());
      line.add(build.toString());
      // Flatpak's own variables are those for compiling. There is no /root, and no /opt.
      Collections.addAll(line, "sh", "-c", "mkdir -p /root && exec \"$@\"", "sh", "env", "-i");
      command.variables().forEach((name, value) -> line.add(name + "=" + value));
      line.addAll(command.arguments());
      return sandbox.run(line, command.limit());
    }

    /// Copies, since `flatpak build` shows nothing read-only.
    ///
    /// @return names in `/run`
    private Set<String> provide(SandboxCommand command) throws IOException {
      Set<String> names = new TreeSet<>();
      Path files = Path.of(SandboxCommand.FILES);
      for (var file : command.files().entrySet()) {
        Path target = target(files.resolve(file.getKey()), names);
        if (!Files.exists(target)) {
          try (InputStream in = file.getValue().open()) {
            Files.copy(in, target);
          }
        }
      }
      for (var mount : command.mounts().entrySet()) {
        Path target = target(Path.of(mount.getKey()), names);
        if (!Files.exists(target)) {
          copy(mount.getValue(), target);
        }
      }
      return names;
    }

    private Path target(Path seen, Set<String> names) throws IOException {
      Path name = RUN.relativize(seen);
      names.add(name.getName(0).toString());
      Path target = run.resolve(name);
      Files.createDirectories(target.getParent());
      return target;
    }

    private static void copy(Path from, Path to) throws IOException {
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : files.toList()) {
          Path target = file.equals(from) ? to : to.resolve(from.relativize(file));
          Files.copy(file, target);
        }
      }
    }

    @Override
    public Changes changes() {
      Changes changes = sandbox.changes();
      Map<TreePath, Entry> changed = new HashMap<>();
      changes.changed().entries().forEach((path, entry) -> changed.put(seen(path), entry));
      Set<TreePath> removed = new HashSet<>();
      changes.removed().forEach(path -> removed.add(seen(path)));
      return new Changes(FileTree.of(changed), new TreeSet<>(removed));
    }

    /// Where commands see the file PATH of the directory.
    private static TreePath seen(TreePath path) {
      if (path.startsWith(USR_ETC)) {
        return path.move(USR_ETC, SystemState.ETC);
      }
      return path.startsWith(CommitTree.FILES) ? path.move(CommitTree.FILES, AppFinish.APP) : path;
    }

    @Override
    public void close() {
      sandbox.close();
    }
  }
}
