package org.overpak.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.Accounts;
import org.overpak.rpm.FileInfo;
import org.overpak.rpm.FileSelection;
import org.overpak.rpm.FileState;
import org.overpak.rpm.InstallTransaction;
import org.overpak.rpm.Installation;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.OwnerNames;
import org.overpak.rpm.PackageFile;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.RpmDatabase;
import org.overpak.rpm.Sysusers;
import org.overpak.sandbox.Changes;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.Sandbox;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeBuilder;
import org.overpak.tree.TreePath;

/// A system that packages were installed into from nothing, as rpm does it: in its order, with its
/// scripts and triggers, owners that packages bring along, and the database that it would have
/// written. What scripts wrote lies in the sandbox, and is gone when this is closed.
public final class InstalledSystem implements AutoCloseable {
  private static final TreePath LDCONFIG = new TreePath("usr/sbin/ldconfig");

  private final Plan plan;
  private final Path scratch;
  private final Progress progress;
  private final Map<Nevra, PackageFile> files = new HashMap<>();

  /// As the database has it.
  private final InstallTransaction recorded;

  private final Transaction transaction;
  private final OwnerNames names;
  private final List<Payload> parts;
  private final RpmProgram rpm;

  /// What packages brought, with owners as they were known then, and the database.
  private final TreeBuilder installed = new TreeBuilder(FileTree.EMPTY);

  private final @Nullable Sandbox sandbox;
  private List<String> warnings = List.of();
  private FileTree root = FileTree.EMPTY;
  private Set<TreePath> changed = Set.of();

  /// What is installed, and how.
  ///
  /// @param selection which files are left out
  /// @param arch of the system, as rpm names it
  /// @param cleanup a shell script to run after all others; empty if there is none
  /// @param time of the transaction and of all that is written during it, in seconds since 1970
  public record Plan(
      List<PackageFile> packages,
      FileSelection selection,
      String arch,
      String cleanup,
      TransactionRun.Failures failures,
      long time) {
    public Plan {
      packages = List.copyOf(packages);
    }
  }

  private InstalledSystem(Plan plan, Path scratch, Supplier<Sandbox> sandboxes, Progress progress) {
    this.plan = plan;
    this.scratch = newDirectory(scratch);
    this.progress = progress;
    List<PackageHeader> headers = plan.packages().stream().map(PackageFile::header).toList();
    plan.packages().forEach(file -> files.put(file.header().nevra(), file));
    recorded = InstallTransaction.at(plan.time(), plan.arch());
    transaction = Transaction.of(List.of(), headers, plan.selection(), recorded.color());
    names = OwnerNames.of(headers);
    Overlay overlay = Overlay.ofSystem(payloads());
    parts = overlay.parts();
    rpm = TransactionRun.rpmFor(transaction, overlay.root());
    boolean runs =
        transaction.runsScripts() || !plan.cleanup().isBlank() || hasLdconfig(overlay.root());
    sandbox = runs ? sandboxes.get() : null;
  }

  /// Installs the packages of PLAN and writes their database.
  ///
  /// @param scratch a directory that stays as long as the system is used
  /// @param sandbox over a root with nothing in it; asked for only if there is something to run
  /// @throws OverpakException (PACKAGE) if packages do not go together, or as {@link
  ///   TransactionRun} does
  public static InstalledSystem of(
      Plan plan, Path scratch, Supplier<Sandbox> sandbox, Progress progress) {
    var system = new InstalledSystem(plan, scratch, sandbox, progress);
    boolean done = false;
    try {
      system.install();
      done = true;
      return system;
    } finally {
      if (!done) {
        system.close();
      }
    }
  }

  private static Path newDirectory(Path parent) {
    try {
      return Files.createTempDirectory(parent, "system-");
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          parent + " cannot be written: " + e.getMessage(),
          "Make room there, or choose another cache with --cache DIRECTORY.",
          e);
    }
  }

  /// In the order of installation, without what is left out.
  private List<Payload> payloads() {
    try (var step = progress.begin("reading packages", size())) {
      return transaction.order().parallelStream()
          .map(
              header -> {
                FileTree all =
                    Objects.requireNonNull(files.get(header.nevra())).payload(names.accounts());
                Set<TreePath> left = leftOut(header);
                step.advance(header.installedSize());
                return new Payload(
                    header.nevra(),
                    left.isEmpty() ? all : all.filter((path, _) -> !left.contains(path)));
              })
          .toList();
    }
  }

  private long size() {
    return transaction.order().stream().mapToLong(PackageHeader::installedSize).sum();
  }

  private Set<TreePath> leftOut(PackageHeader header) {
    Set<TreePath> result = new HashSet<>();
    List<FileState> states = transaction.files().of(header);
    List<FileInfo> infos = header.files();
    for (int i = 0; i < infos.size(); i++) {
      if (!states.get(i).isInstalled()) {
        result.add(infos.get(i).path());
      }
    }
    return result;
  }

  private static boolean hasLdconfig(FileTree root) {
    return root.get(root.resolve(LDCONFIG)).orElse(null) instanceof Entry.RegularFile;
  }

  private void install() {
    var unpacked = new CompletableFuture<Void>();
    var left = new AtomicInteger(parts.size());
    var run =
        new TransactionRun(
            tree -> {
              add(names.resolve(tree, Accounts.of(accountFiles())));
              if (left.decrementAndGet() == 0) {
                unpacked.complete(null);
              }
            },
            this::makeAccounts,
            this::runInSandbox,
            rpm,
            plan.failures(),
            plan.time(),
            progress);
    Map<Nevra, FileTree> trees = new HashMap<>();
    parts.forEach(part -> trees.put(part.nevra(), part.files()));
    Path database = scratch.resolve("rpmdb.sqlite");
    try (var beside = Executors.newSingleThreadExecutor()) {
      // Unpacking keeps all processors busy, the scripts after it only one.
      var written = unpacked.thenRunAsync(() -> database().write(database), beside);
      warnings = run.run(transaction, trees);
      unpacked.complete(null);
      written.join();
    }
    FileTree packages = installed.build();
    FileTree withDatabase = RpmDatabase.store(database, packages, plan.time());
    add(withDatabase.filter((path, _) -> !packages.contains(path)));
    if (!plan.cleanup().isBlank()) {
      run.cleanup(plan.cleanup());
    }
    if (hasLdconfig(withDatabase)) {
      cacheLibraries();
    }
    Changes changes = sandbox == null ? Changes.NONE : sandbox.changes();
    changed = changes.changed().entries().keySet();
    root =
        settled(
            new Changes(clamped(changes.changed()), changes.removed()).applyTo(installed.build()));
  }

  /// Lays TREE into the root.
  private void add(FileTree tree) {
    installed.putAll(tree);
    if (sandbox != null) {
      sandbox.add(tree);
    }
  }

  private FileTree accountFiles() {
    if (sandbox != null) {
      return sandbox.files(SystemAccounts.FILES);
    }
    Map<TreePath, Entry> found = new HashMap<>();
    SystemAccounts.FILES.forEach(
        path -> installed.get(path).ifPresent(entry -> found.put(path, entry)));
    return FileTree.of(found);
  }

  private void makeAccounts(Sysusers asked) {
    add(SystemAccounts.made(accountFiles(), asked, plan.time()));
  }

  private Completed runInSandbox(SandboxCommand command) {
    return Objects.requireNonNull(sandbox).run(command);
  }

  private RpmDatabase database() {
    List<Installation> installations = new ArrayList<>();
    for (PackageHeader header : transaction.order()) {
      installations.add(
          new Installation(
              Objects.requireNonNull(files.get(header.nevra())), transaction.files().of(header)));
    }
    return RpmDatabase.EMPTY.install(installations, recorded);
  }

  /// The cache of libraries knows what cleaning up has removed.
  private void cacheLibraries() {
    Completed completed = runInSandbox(SandboxCommand.of("/" + LDCONFIG.value()));
    if (!completed.succeeded()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "ldconfig failed with exit code %d: %s"
              .formatted(completed.exitCode(), completed.output().strip()),
          "Check 'cleanup-commands' in the spec, and the package that has it.");
    }
  }

  /// Nothing is younger than the transaction, whenever it was run.
  private FileTree clamped(FileTree tree) {
    return tree.map(
        entry ->
            entry.attributes().modified() > plan.time()
                ? entry.with(entry.attributes().withModified(plan.time()))
                : entry);
  }

  /// With the database at rest, if scripts have opened it.
  private FileTree settled(FileTree tree) {
    return RpmDatabase.find(tree).isEmpty() || RpmDatabase.isParked(tree)
        ? tree
        : RpmDatabase.parked(tree, scratch.resolve("rpmdb-parked"));
  }

  /// All that is there now.
  public FileTree root() {
    return root;
  }

  /// The paths of each package, in the order of installation, that are still as it brought them.
  public List<Set<TreePath>> parts() {
    return parts.stream()
        .map(
            part -> {
              Set<TreePath> paths = new HashSet<>(part.files().entries().keySet());
              paths.removeAll(changed);
              return paths;
            })
        .toList();
  }

  /// The packages in the order of their installation.
  public List<PackageHeader> packages() {
    return transaction.order();
  }

  /// Scripts that failed and may.
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }
}
