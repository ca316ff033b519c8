package org.overpak.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.install.TransactionRun;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.RepositoryWriter;
import org.overpak.repo.VerifiedPackage;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.RpmDatabase;
import org.overpak.sandbox.Changes;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.solve.Resolution;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The package manager of the runtime, in the sandbox over the runtime, or that of an SDK, which
/// may be nothing but rpm. What there is to download is resolved natively over the runtime, and
/// verified; the package manager has nothing but that to resolve from, in repositories that lie in
/// directories, and must come to the same. rpm is given the files.
final class InstallerInstall implements AppInstall {
  private static final Duration LIMIT = Duration.ofHours(1);

  /// What rpm 4 says of a script that failed, and goes on.
  private static final Pattern FAILED_SCRIPT = Pattern.compile("\\bscriptlet failed\\b");

  private final BuildContext context;
  private final InstallerHost host;

  /// Empty if rpm installs alone.
  private final Optional<PackageInstaller> installer;

  private final AppPlan plan;

  private InstallerInstall(
      BuildContext context,
      InstallerHost host,
      Optional<PackageInstaller> installer,
      AppPlan plan) {
    this.context = context;
    this.host = host;
    this.installer = installer;
    this.plan = plan;
  }

  /// The runtime's INSTALLER. Resolves, and gets the packages.
  ///
  /// @throws OverpakException (IMAGE) if the runtime has not this package manager; or as a native
  ///   build does
  static InstallerInstall of(BuildContext context, PackageInstaller installer) {
    context.runtime().requireDatabase(installer.program());
    var host = new RuntimeHost(context);
    FileTree root = host.root();
    if (installer.file(root).isEmpty()) {
      String others =
          Stream.of(PackageInstaller.values())
              .filter(one -> one.file(root).isPresent())
              .map(PackageInstaller::program)
              .collect(Collectors.joining(" or --engine "));
      throw new OverpakException(
          ExitCode.IMAGE,
          "%s has no %s".formatted(host.name(), installer.program()),
          others.isEmpty()
              ? "It has no package manager: leave out --engine."
              : "Use --engine " + others + ", or leave it out.");
    }
    return new InstallerInstall(context, host, Optional.of(installer), context.planOnTop());
  }

  /// The package manager that SDK has, or else its rpm. Resolves, and gets the packages.
  ///
  /// @throws OverpakException (IMAGE) if it has neither; or as a native build does
  static InstallerInstall of(BuildContext context, WritableSdk sdk) {
    return new InstallerInstall(context, sdk, sdk.installer(), sdk.plan());
  }

  @Override
  public AppPlan plan() {
    return plan;
  }

  @Override
  public InstalledApp install(long timestamp) {
    InstallerHost.Session session = host.open();
    boolean done = false;
    try {
      List<String> warnings = run(session, timestamp);
      Changes changes = session.changes();
      FileTree root = changes.applyTo(host.root());
      InstalledApp app =
          context.cleaned(
              plan.app(root, context.spec().splitRefs()),
              timestamp,
              lost(changes, root, added(root)),
              warnings,
              session::close);
      done = true;
      return app;
    } finally {
      if (!done) {
        session.close();
      }
    }
  }

  /// @return warnings
  private List<String> run(InstallerHost.Session session, long timestamp) {
    Map<String, List<VerifiedPackage>> byRepository = new TreeMap<>();
    for (VerifiedPackage one : files()) {
      byRepository.computeIfAbsent(one.source().repository().id(), _ -> new ArrayList<>()).add(one);
    }
    if (byRepository.isEmpty()) {
      return List.of();
    }
    List<InstallerRun.Repository> repositories =
        byRepository.values().stream()
            .map(packages -> repository(packages.getFirst().source().repository()))
            .toList();
    InstallerCommands run = commands(repositories);
    Map<String, Path> mounts = mounts(repositories, byRepository);
    List<String> warnings = new ArrayList<>();
    for (List<String> words : run.commands(asked())) {
      SandboxCommand command =
          SandboxCommand.of(words.toArray(String[]::new))
              .with("SOURCE_DATE_EPOCH", Long.toString(timestamp))
              .forPackaging()
              .within(LIMIT);
      for (var variable : run.environment().entrySet()) {
        command = command.with(variable.getKey(), variable.getValue());
      }
      for (var file : run.files().entrySet()) {
        command = command.withFile(file.getKey(), file.getValue());
      }
      for (var mount : mounts.entrySet()) {
        command = command.withMount(mount.getKey(), mount.getValue());
      }
      run(session, command, warnings);
    }
    return warnings;
  }

  private void run(InstallerHost.Session session, SandboxCommand command, List<String> warnings) {
    String program = command.arguments().getFirst();
    Completed completed;
    try (var _ = context.progress().begin("running " + program, 0)) {
      completed = session.run(command);
    } catch (OverpakException e) {
      throw e.in("running " + program);
    }
    List<String> failed =
        completed.output().lines().filter(FAILED_SCRIPT.asPredicate()).distinct().toList();
    boolean mayFail = context.request().failures() == TransactionRun.Failures.LENIENT;
    // zypper ends with a code of its own for that; whether all is installed is seen afterwards.
    if (mayFail && !failed.isEmpty()) {
      failed.forEach(line -> warnings.add(Completed.printable(line)));
    } else if (!completed.succeeded() || !failed.isEmpty()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          (failed.isEmpty() ? program + " failed" : program + ": a script of a package failed")
              + completed.ending(),
          failed.isEmpty()
              ? "Do what it says; a native build, without --engine, needs nothing of it."
              : "Correct the script and rebuild the package; or, if the app does well without what"
                  + " it does, build with --lenient-scriptlets.");
    }
  }

  /// The package files that are shown.
  private List<VerifiedPackage> files() {
    return installer.isPresent()
        ? plan.packages()
        : Stream.concat(registered().stream(), plan.packages().stream()).toList();
  }

  /// What rpm is to know of an SDK that has no RPM database.
  private List<VerifiedPackage> registered() {
    return isSdkWithoutDatabase() ? plan.ofScripts() : List.of();
  }

  private boolean isSdkWithoutDatabase() {
    return host instanceof WritableSdk sdk && sdk.isScanned();
  }

  private InstallerCommands commands(List<InstallerRun.Repository> repositories) {
    return installer
        .<InstallerCommands>map(
            one ->
                new InstallerRun(
                    one, repositories, context.request().spec().resolving().installWeakDeps()))
        .orElseGet(
            () ->
                new RpmRun(
                    repositories,
                    registered().stream().map(InstallerInstall::place).toList(),
                    !isSdkWithoutDatabase()));
  }

  private String program() {
    return installer.map(PackageInstaller::program).orElse(RpmRun.PROGRAM);
  }

  private InstallerRun.Repository repository(RepositoryConfig config) {
    boolean gpgcheck = config.trust().gpgcheck();
    return new InstallerRun.Repository(
        config.id(), gpgcheck, gpgcheck ? context.downloads().keys(config) : List.of());
  }

  /// Where the sandbox shows which files.
  private Map<String, Path> mounts(
      List<InstallerRun.Repository> repositories, Map<String, List<VerifiedPackage>> byRepository) {
    Map<String, Path> mounts = new TreeMap<>();
    for (InstallerRun.Repository repository : repositories) {
      List<VerifiedPackage> packages = byRepository.getOrDefault(repository.id(), List.of());
      try {
        Path metadata = Files.createTempDirectory(context.work().path(), "repodata-");
        RepositoryWriter.write(packages, metadata);
        mounts.put(repository.place() + "/repodata", metadata);
      } catch (IOException e) {
        throw new OverpakException(
            ExitCode.FILESYSTEM,
            context.work().path() + " cannot be written: " + e.getMessage(),
            "Make room there, or choose another cache with --cache DIRECTORY.",
            e);
      }
      for (VerifiedPackage one : packages) {
        mounts.put(place(one), one.file().path());
      }
    }
    return mounts;
  }

  /// Where the sandbox shows the file of ONE.
  private static String place(VerifiedPackage one) {
    return InstallerRun.place(one.source().repository().id())
        + "/"
        + RepositoryWriter.fileName(one.file().header().nevra());
  }

  /// All that nothing requires: what the spec asks for, and what goes with it. The rest is to be
  /// found, but for an SDK, which might know something else that meets a requirement. rpm finds
  /// nothing, and takes what is there already for an error.
  private List<String> asked() {
    if (installer.isEmpty()) {
      Set<Nevra> there = new HashSet<>();
      host.packages().forEach(one -> there.add(one.nevra()));
      return plan.packages().stream()
          .filter(one -> !there.contains(one.file().header().nevra()))
          .map(InstallerInstall::place)
          .toList();
    }
    return plan.selection().added().stream()
        .filter(
            one ->
                host instanceof WritableSdk
                    || !(one.reason() instanceof Resolution.Reason.RequiredBy))
        .map(one -> one.nevra().name() + "." + one.nevra().arch())
        .toList();
  }

  /// What was installed: no more and no less than was resolved, without what was there.
  private List<InstalledPackage> added(FileTree root) {
    Path scratch = context.work().path().resolve("installed-rpmdb");
    List<InstalledPackage> there = new ArrayList<>(host.packages());
    registered()
        .forEach(one -> there.add(new InstalledPackage(there.size() + 1, one.file().header())));
    var packages = PackageChanges.between(there, RpmDatabase.open(root, scratch).packages());
    Set<Nevra> wanted = new HashSet<>();
    plan.packages().forEach(one -> wanted.add(one.file().header().nevra()));
    there.forEach(one -> wanted.remove(one.nevra()));
    Set<Nevra> found = new HashSet<>();
    packages.added().forEach(one -> found.add(one.nevra()));
    if (!packages.replaced().isEmpty() || !found.equals(wanted)) {
      Set<String> differences = new TreeSet<>(packages.replaced());
      wanted.stream()
          .filter(one -> !found.contains(one))
          .forEach(one -> differences.add(one + " is not installed"));
      found.stream()
          .filter(one -> !wanted.contains(one))
          .forEach(one -> differences.add(one + " is installed"));
      throw new OverpakException(
          ExitCode.PACKAGE,
          "%s has not installed what was resolved: %s"
              .formatted(program(), AllowedLeaks.shown(List.copyOf(differences))),
          "Build natively, without --engine, and compare: one of both is wrong.");
    }
    return packages.added();
  }

  /// What is changed or gone outside `/app`, and neither state of the system nor of a package.
  private List<TreePath> lost(Changes changes, FileTree root, List<InstalledPackage> added) {
    var files = new PackagedFiles(root, added);
    var state =
        new SystemState(
            Stream.of(host.root(), root)
                .flatMap(tree -> RpmDatabase.find(tree).map(TreePath::parent).stream())
                .toList());
    Changes outside = changes.outside(AppFinish.APP);
    Set<TreePath> paths = new TreeSet<>(outside.removed());
    outside
        .changed()
        .entries()
        .forEach(
            (path, entry) -> {
              if (!(entry instanceof Entry.Directory) && !files.has(path)) {
                paths.add(path);
              }
            });
    return paths.stream().filter(state::isOfTheSystem).toList();
  }
}
