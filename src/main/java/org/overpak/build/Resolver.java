package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.Comps;
import org.overpak.repo.Downloads;
import org.overpak.repo.Modules;
import org.overpak.repo.PackageSource;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.RepositoryMetadata;
import org.overpak.repo.Variables;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.solve.Architecture;
import org.overpak.solve.Exclusions;
import org.overpak.solve.FileOwners;
import org.overpak.solve.ModuleFilter;
import org.overpak.solve.Request;
import org.overpak.solve.Universe;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.PackageSpec;

/// Finds what an app adds to its runtime, or what a runtime is made of: repositories, groups,
/// modules and local files as one universe, what is in the runtime as facts, and the spec's
/// packages as the request.
final class Resolver {
  private final ContainerSpec spec;
  private final Path directory;
  private final RepositoryChoice repositories;
  private final Downloads downloads;
  private final Consumer<String> notes;
  private final LocalPackages local = LocalPackages.ofSpec();

  /// @param directory what files that the spec names are relative to
  /// @param notes hears of what is not wrong but worth a look
  Resolver(
      ContainerSpec spec,
      Path directory,
      RepositoryChoice repositories,
      Downloads downloads,
      Consumer<String> notes) {
    this.spec = spec;
    this.directory = directory;
    this.repositories = repositories;
    this.downloads = downloads;
    this.notes = notes;
  }

  /// What was resolved, and over what.
  record Resolved(
      Selection selection, Universe universe, FileOwners fileOwners, Installed installed) {}

  /// What is there, whatever is resolved.
  ///
  /// @param ofScripts packages of a runtime that was scanned, by which scripts of others run
  /// @param isScanned whether the runtime is only known from its files
  record Installed(PackageIndex packages, List<PackageSource> ofScripts, boolean isScanned) {
    Installed {
      ofScripts = List.copyOf(ofScripts);
    }

    static Installed of(PackageIndex packages) {
      return new Installed(packages, List.of(), false);
    }

    /// To resolve over it, for ARCHITECTURE.
    Universe.Builder universe(Architecture architecture) {
      Universe.Builder builder = Universe.builder(architecture).installed(packages);
      return isScanned ? builder.scanned() : builder;
    }
  }

  /// What is there of RUNTIME: if it was scanned, with the packages of the repositories that are
  /// there by their files.
  Installed installed(RuntimePackages runtime) {
    return installed(runtime, open(arch(runtime), runtime.releasever()));
  }

  /// @throws OverpakException (SPEC) if the spec is not for RUNTIME's architecture; (UNSOLVABLE)
  ///   with the explanation
  Resolved over(RuntimePackages runtime) {
    String arch = arch(runtime);
    return resolve(arch, runtime.releasever(), List.of(), Optional.of(runtime));
  }

  /// What a system of its own consists of that has the app which will run on RUNTIME.
  ///
  /// @param helpers what it is to have beside what the spec asks for
  /// @throws OverpakException as {@link #over(RuntimePackages)}
  Resolved fromNothing(RuntimePackages runtime, List<String> helpers) {
    String arch = arch(runtime);
    return resolve(arch, runtime.releasever(), helpers, Optional.empty());
  }

  /// What a system of its own consists of.
  ///
  /// @param arch as rpm names it, of this machine
  /// @param releasever empty where not known
  /// @throws OverpakException as {@link #over}
  Resolved fromNothing(String arch, String releasever) {
    requirePlatform(arch, "which this machine is", "Build on another machine");
    return resolve(arch, releasever, List.of(), Optional.empty());
  }

  private String arch(RuntimePackages runtime) {
    String arch = Architectures.rpm(runtime.ref().arch());
    requirePlatform(arch, "for which the runtime is", "Give the runtime of another architecture");
    return arch;
  }

  private void requirePlatform(String arch, String what, String advice) {
    if (!spec.platforms().includes(arch)) {
      throw new OverpakException(
          ExitCode.SPEC,
          "the spec's platforms leave out " + arch + ", " + what,
          advice + ", or change 'platforms'.");
    }
  }

  private Resolved resolve(
      String arch, String releasever, List<String> helpers, Optional<RuntimePackages> runtime) {
    List<RepositoryMetadata> opened = open(arch, releasever);
    List<Request.Spec> specs = new ArrayList<>(specs(arch, opened));
    helpers.forEach(helper -> specs.add(new Request.Spec.Named(helper)));
    Installed installed =
        runtime.map(one -> installed(one, opened)).orElse(Installed.of(PackageIndex.of(List.of())));
    PackagePool pool = pool(arch, installed, opened, local);
    return new Resolved(
        pool.solve(new Request(specs, true, spec.resolving().installWeakDeps()), notes),
        pool.universe(),
        pool.owners(),
        installed);
  }

  /// What there is to choose from over PACKAGES, for building what an app on RUNTIME consists of.
  ///
  /// @param built is preferred to what the repositories have
  PackagePool overSdk(RuntimePackages runtime, PackageIndex packages, LocalPackages built) {
    String arch = arch(runtime);
    return pool(arch, Installed.of(packages), open(arch, runtime.releasever()), built);
  }

  private List<RepositoryMetadata> open(String arch, String releasever) {
    Variables variables = Variables.of(arch, releasever);
    return downloads.open(repositories.configs(variables, notes), notes);
  }

  private Installed installed(RuntimePackages runtime, List<RepositoryMetadata> opened) {
    List<String> assumed = spec.resolving().assumeProvided();
    if (!runtime.isScanned()) {
      if (!assumed.isEmpty()) {
        notes.accept("'assume-provided' is passed over: the runtime has an RPM database");
      }
      return Installed.of(runtime.packages());
    }
    PackageMetadata scanned = runtime.assuming(assumed);
    var recognized = new RecognizedPackages(scanned, opened);
    PackageIndex packages = recognized.find(runtime.key(assumed), downloads);
    notes.accept(
        ("the runtime has no RPM database: that its files provide %d capabilities was found by"
                + " scanning them, and that it has %d packages of the repositories, by their files")
            .formatted(scanned.relations().provides().size(), packages.size() - 1));
    return new Installed(packages, recognized.ofScripts(packages), true);
  }

  private List<Request.Spec> specs(String arch, List<RepositoryMetadata> opened) {
    @Nullable Comps comps = null;
    List<Request.Spec> result = new ArrayList<>();
    for (PackageSpec one : spec.flatpak().packagesFor(arch)) {
      String text = one.name();
      if (text.startsWith("@")) {
        comps = comps == null ? Comps.union(opened.stream().map(downloads::comps).toList()) : comps;
        result.add(group(one, comps));
      } else if (LocalPackages.isFile(text)) {
        result.add(
            new Request.Spec.Exactly(
                text, LocalPackages.REPOSITORY, local.add(text, directory, notes)));
      } else {
        result.add(new Request.Spec.Named(text));
      }
    }
    return result;
  }

  private static Request.Spec group(PackageSpec one, Comps comps) {
    String text = one.name();
    // dnf marks environments with ^ in what it prints, and takes it
    String name = text.substring(text.startsWith("@^") ? 2 : 1);
    Optional<List<Comps.Member>> members = comps.members(name);
    return new Request.Spec.Group(
        text,
        members
            .orElseThrow(
                () ->
                    new OverpakException(
                        ExitCode.UNSOLVABLE,
                        one.position() + ": no repository has a group '" + name + "'",
                        comps.groups().isEmpty()
                            ? "None of the repositories has groups: name packages instead."
                            : "Use one of: "
                                + String.join(
                                    ", ",
                                    comps.groups().stream().map(Comps.Group::id).sorted().toList())
                                + "."))
            .stream()
            .map(member -> new Request.Member(member.name(), member.condition()))
            .toList());
  }

  private PackagePool pool(
      String arch, Installed installed, List<RepositoryMetadata> opened, LocalPackages files) {
    Universe.Builder universe = installed.universe(Architecture.of(arch));
    ModuleFilter modules = modules(opened);
    Exclusions bySpec = Exclusions.bySpec(spec.resolving().exclude());
    for (RepositoryMetadata repository : opened) {
      RepositoryConfig.Selection selection = repository.config().selection();
      Exclusions byName =
          bySpec.or(
              Exclusions.of(repository.config().id(), selection.include(), selection.exclude()));
      universe.repository(
          repository.config().id(),
          selection.priority(),
          selection.cost(),
          repository.packages(),
          selection.moduleHotfixes()
              ? byName
              : byName.or(modules.exclusions(repository.packages())));
    }
    PackageIndex index = files.index();
    if (index.size() > 0) {
      universe.repository(files.id(), files.priority(), 1000, index, bySpec);
    }
    return new PackagePool(universe.build(), opened, files, downloads);
  }

  private ModuleFilter modules(List<RepositoryMetadata> opened) {
    Map<String, String> active = new TreeMap<>();
    List<Modules> all = opened.stream().map(downloads::modules).toList();
    all.forEach(one -> one.defaults().forEach(active::putIfAbsent));
    for (String enabled : spec.resolving().modules()) {
      int colon = enabled.indexOf(':');
      String module = enabled.substring(0, colon);
      String stream = enabled.substring(colon + 1);
      if (all.stream()
          .flatMap(one -> one.streams().stream())
          .noneMatch(one -> one.module().equals(module) && one.stream().equals(stream))) {
        throw new OverpakException(
            ExitCode.UNSOLVABLE,
            "'overpak: modules' enables " + enabled + ", but no repository has this stream",
            "Correct the spec, or add the repository that has it (--repo).");
      }
      active.put(module, stream);
    }
    return new ModuleFilter(
        all.stream()
            .flatMap(one -> one.streams().stream())
            .map(
                one ->
                    new ModuleFilter.Stream(
                        one.module(),
                        one.stream(),
                        one.stream().equals(active.get(one.module())),
                        one.artifacts()))
            .toList());
  }
}
