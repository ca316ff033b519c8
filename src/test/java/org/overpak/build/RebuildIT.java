package org.overpak.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.Failures;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.testing.SourcePackages;

/// Source packages of which each needs those before, built for `/app` over an SDK that Overpak
/// built, into an app that Flatpak runs.
class RebuildIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final Judge DNF = Judge.of("dnf");
  private static final Judge OSTREE = Judge.of("ostree");
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final TestFlatpaks FLATPAKS = TestFlatpaks.make();

  @TempDir private static Path directory;
  private static Path real = Path.of("");
  private static ImageName sdk = FLATPAKS.runtime().image().name();

  @BeforeAll
  static void buildSdk() {
    real = SourcePackages.directory();
    ContainerSpec spec =
        ContainerSpec.parse(
            "sdk.yaml",
            """
            flatpak:
              id: org.overpak.testing.BuildSdk
              branch: stable
              build-runtime: true
              runtime: org.overpak.testing.Platform
              sdk: org.overpak.testing.BuildSdk
              packages: [base-files, bash, bzip2, coreutils, diffutils, file, findutils, gawk, gcc, grep,
                gzip, libc-bin, libc6-dev, linux-libc-dev, make, patch, pkg-config, rpm, rpm-config, sed, tar,
                xz-utils]
            """
                .getBytes(UTF_8));
    sdk =
        RuntimeBuild.run(
                new RuntimeBuild.Request(
                    spec,
                    directory,
                    "",
                    repositories(),
                    TransactionRun.Failures.STRICT,
                    false,
                    new ImageName.Layout(directory.resolve("sdk"), ""),
                    LayoutChoice.HYBRID,
                    FLATPAKS.cache(),
                    OptionalLong.empty()),
                Progress.SILENT)
            .image()
            .layout();
  }

  /// JUnit would warn of each link that it deletes.
  @AfterAll
  static void remove() {
    Command.of("find", directory.toString(), "-mindepth", "1", "-delete").run();
  }

  /// The distribution, with MORE before it.
  private static RepositoryChoice repositories(RepositoryOption... more) {
    List<RepositoryOption> options = new ArrayList<>(List.of(more));
    options.add(new RepositoryOption.ConfigFile(Project.distro().resolve("base.repo")));
    options.add(named("toolchain", real.resolve("toolchain")));
    options.add(named("binary", real.resolve("binary")));
    return new RepositoryChoice(options, Set.of("toolchain", "binary"));
  }

  private static RepositoryOption named(String name, Path repository) {
    return new RepositoryOption.Named(name + "=" + repository, List.of());
  }

  private static ContainerSpec spec(String app) {
    return ContainerSpec.parse(
        "container.yaml",
        """
        flatpak:
          id: org.overpak.testing.Rebuilt
          branch: stable
          runtime: org.overpak.testing.Platform
          runtime-version: stable
          packages: [%s]
          command: ices
        """
            .formatted(app)
            .getBytes(UTF_8));
  }

  private static Rebuilt rebuild(String app, Path output, String key) {
    RepositoryOption sources =
        new RepositoryOption.Named(
            "source=" + real.resolve("source"),
            List.of(Project.distro().resolve("keys/" + key + ".asc").toUri()));
    return rebuild(
        app, output, sdk, repositories(), new RepositoryChoice(List.of(sources), Set.of()), true);
  }

  private static Rebuilt rebuild(String app, Path output) {
    return rebuild(app, output, "overpak-test");
  }

  private static RepositoryChoice unsigned(String name, Path repository, RepositoryOption... more) {
    List<RepositoryOption> options = new ArrayList<>(List.of(more));
    options.add(named(name, repository));
    return new RepositoryChoice(options, Set.of(name));
  }

  /// Of packages in MADE, beside those of the distribution.
  private static Rebuilt rebuild(
      String app, Path output, Path made, boolean check, String... bootstrap) {
    return rebuild(
        app,
        output,
        sdk,
        unsigned(
            "binary",
            made.resolve("binary"),
            new RepositoryOption.ConfigFile(Project.distro().resolve("base.repo"))),
        unsigned("source", made.resolve("source")),
        check,
        bootstrap);
  }

  private static Rebuilt rebuild(
      String app,
      Path output,
      ImageName base,
      RepositoryChoice repositories,
      RepositoryChoice sources,
      boolean check,
      String... bootstrap) {
    return Rebuild.run(
        new Rebuild.Request(
            new RebuildPlan.Request(
                new AppResolution.Request(
                    spec(app),
                    directory,
                    FLATPAKS.runtime().image().name(),
                    null,
                    repositories,
                    FLATPAKS.cache()),
                base,
                sources,
                Set.of(bootstrap)),
            output,
            2,
            check),
        Progress.SILENT);
  }

  private static Map<String, Boolean> reused(Rebuilt rebuilt) {
    return rebuilt.sources().stream()
        .collect(Collectors.toMap(Rebuilt.Source::name, Rebuilt.Source::reused));
  }

  @Test
  void aChainOfSourcePackagesBecomesARunningFlatpak() throws IOException {
    Path output = directory.resolve("rebuilt");
    Rebuilt rebuilt = rebuild("ices2", output);
    assertThat(rebuilt.sources())
        .extracting(Rebuilt.Source::name)
        .containsExactly(
            "libogg-1.3.5-1", "libvorbis-1.3.7-1", "libshout-2.4.6-1", "ices2-2.0.3-1");
    assertThat(reused(rebuilt)).doesNotContainValue(true);
    assertThat(rebuilt.sources().getLast().log()).content().contains("--prefix=/app");

    compareWithDistribution(rebuilt);
    compareRepository(rebuilt);
    runs(rebuilt);

    // Equal sources give equal packages: what one that is lost was needed for is not built again.
    assertThat(reused(rebuild("ices2", output))).doesNotContainValue(false);
    Path lost = output.resolve("libshout-devel-2.4.6-1.x86_64.rpm");
    byte[] before = Files.readAllBytes(lost);
    Files.delete(lost);
    assertThat(reused(rebuild("ices2", output)))
        .isEqualTo(
            Map.of(
                "libogg-1.3.5-1", true,
                "libvorbis-1.3.7-1", true,
                "libshout-2.4.6-1", false,
                "ices2-2.0.3-1", true));
    assertThat(lost).hasBinaryContent(before);
  }

  /// All that rpm says of a package but for its prefix is what it says of the distribution's.
  private static void compareWithDistribution(Rebuilt rebuilt) {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (Rebuilt.Source source : rebuilt.sources()) {
      for (Path file : source.packages()) {
        String name = file.getFileName().toString();
        if (!Files.exists(real.resolve("binary").resolve(name))) {
          assertThat(name).contains("-debug");
          continue;
        }
        ours.put(name, query(file));
        theirs.put(
            name,
            query(real.resolve("binary").resolve(name))
                .replace("/usr/lib/x86_64-linux-gnu", "/app/lib64")
                .replaceAll("(?m)^/usr(?!/bin/pkg-config)", "/app"));
      }
    }
    assertThat(ours).hasSize(7);
    RPM.compare("packages rebuilt for /app", theirs, ours);
    ours.replaceAll((_, text) -> text.replace("/app/lib64", "/app/lib"));
    RPM.distinguishes("another directory", "packages rebuilt for /app", theirs, ours);
  }

  private static String query(Path file) {
    return RPM.run(
            "-qp",
            "--qf",
            "%{NEVRA} %{SOURCERPM}\\n[%{FILENAMES}\\n][%{REQUIRENEVRS}\\n][%{PROVIDENEVRS}\\n]",
            file.toString())
        .text();
  }

  /// The repository is one for dnf, too.
  private static void compareRepository(Rebuilt rebuilt) {
    Map<String, String> ours = new TreeMap<>();
    for (Rebuilt.Source source : rebuilt.sources()) {
      for (Path file : source.packages()) {
        ours.put(
            RPM.run("-qp", "--qf", "%{NEVRA}", file.toString()).text(),
            file.getFileName().toString());
      }
    }
    Map<String, String> theirs = new TreeMap<>();
    DNF.run(
            DNF.command(
                    "--setopt=reposdir=" + rebuilt.directory(),
                    "--setopt=cachedir=" + directory.resolve("dnf"),
                    "--releasever=12",
                    "--quiet",
                    "repoquery",
                    "--qf",
                    "%{name}-%{evr}.%{arch} %{relativepath}")
                .with("HOME", directory.toString()))
        .lines()
        .forEach(line -> theirs.put(line.split(" ")[0], line.split(" ")[1]));
    DNF.compare("packages of the repository of rebuilt ones", theirs, ours);
    ours.remove("libogg-1.3.5-1.x86_64");
    DNF.distinguishes(
        "a package that is not there", "packages of the repository of rebuilt ones", theirs, ours);
  }

  private static void runs(Rebuilt rebuilt) {
    BuiltApp app =
        AppBuild.run(
            new AppBuild.Request(
                spec("ices2"),
                directory,
                FLATPAKS.runtime().image().name(),
                null,
                Engine.NATIVE,
                repositories(new RepositoryOption.ConfigFile(rebuilt.configuration())),
                List.of(),
                TransactionRun.Failures.STRICT,
                false,
                true,
                new ImageName.Layout(directory.resolve("app"), ""),
                LayoutChoice.PLAIN,
                FLATPAKS.cache(),
                OptionalLong.empty()),
            Progress.SILENT);
    assertThat(app.added())
        .extracting(one -> one.nevra().name() + " from " + one.repository())
        .containsExactly(
            "ices2 from rebuilt",
            "libogg from rebuilt",
            "libshout from rebuilt",
            "libvorbis from rebuilt");
    Path repository = directory.resolve("repo");
    OSTREE.run("--repo=" + repository, "init", "--mode=archive");
    TestFlatpaks.importInto(repository, FLATPAKS.runtime().image());
    TestFlatpaks.importInto(repository, app.image());
    FLATPAK.run("build-update-repo", repository.toString());
    FlatpakInstallation installation = FlatpakInstallation.user(directory);
    installation.run("remote-add", "--no-gpg-verify", "test", "file://" + repository);
    installation.run("install", "-y", "--noninteractive", "test", app.image().ref().id());
    String id = app.image().ref().id();
    assertThat(
            installation
                .run(
                    "run",
                    "--command=sh",
                    id,
                    "-c",
                    "ldd /app/bin/ices; ices /no-such-file 2>&1; :")
                .text())
        .contains(
            "libshout.so.3 => /app/lib64/",
            "libvorbis.so.0 => /app/lib64/",
            "libogg.so.0 => /app/lib64/")
        .doesNotContain("not found (required by", "error while loading shared libraries");
    // The linker's own list, which the runtime makes of /app, is left out.
    Command.Result result =
        installation.rejects(
            "an app whose chain of libraries is not found",
            "run",
            "--command=/lib64/ld-linux-x86-64.so.2",
            id,
            "--inhibit-cache",
            "/app/bin/ices");
    assertThat(result.errorText()).contains(": cannot open shared object file");
  }

  @Test
  void whatFailsLeavesWhatDoesNotNeedIt() throws IOException {
    Path made = directory.resolve("made");
    // Of the distribution, in which all of them could be built.
    String build = "test %{_prefix} = /usr || { echo 'it needs a compiler'; exit 3; }";
    SourcePackages.build(
        made,
        List.of(
            SourcePackages.spec("good", "true", ""),
            SourcePackages.spec("bad", build, ""),
            SourcePackages.spec("worse", "true", "BuildRequires: bad"),
            SourcePackages.spec("all", "true", "BuildRequires: good\nRequires: good, worse, bad")));
    Path output = directory.resolve("partly");
    OverpakException failure =
        Failures.of(ExitCode.PACKAGE, () -> rebuild("all", output, made, true));
    assertThat(failure.getMessage())
        .startsWith("building bad-1-1: rpmbuild failed with exit code 1; it said:")
        .contains("it needs a compiler", "all that it said is in " + output)
        .contains("not built, since they need that: worse-1-1")
        .endsWith("in " + output + " all the same: good-1-1, all-1-1");
    assertThat(output.resolve("logs/bad-1-1.log")).content().contains("it needs a compiler");
    assertThat(output.resolve("good-1-1.noarch.rpm")).exists();
    assertThat(output.resolve("rebuilt.repo")).exists();
    // What it is built from decides whether it is built again, not which app it is for.
    assertThat(reused(rebuild("good", output, made, true))).containsValue(true);
    assertThat(reused(rebuild("good", output, made, false))).containsValue(false);
  }

  @Test
  void aCircleIsBuiltWithTheDistributionsPackages() throws IOException {
    Path made = directory.resolve("circle");
    SourcePackages.build(
        made,
        List.of(
            SourcePackages.spec(
                "egg", "test %{_prefix} = /usr -o -d /usr/share/hen", "BuildRequires: hen"),
            SourcePackages.spec(
                "hen",
                "test %{_prefix} = /usr -o -d /app/share/egg",
                "BuildRequires: egg\nRequires: egg")));
    Path output = directory.resolve("farm");
    assertThatThrownBy(() -> rebuild("hen", output, made, true))
        .hasMessageContaining("source packages need each other to be built");
    assertThat(rebuild("hen", output, made, true, "egg").sources())
        .extracting(Rebuilt.Source::name)
        .containsExactly("egg-1-1", "hen-1-1");
  }

  @Test
  void whatIsNotTrustedOrCannotBuildIsRefused() {
    OverpakException failure =
        Failures.of(
            ExitCode.UNTRUSTED, () -> rebuild("ices2", directory.resolve("foreign"), "other"));
    assertThat(failure.getMessage()).contains("libogg-1.3.5-1.src", "is not trusted");
    assertThatThrownBy(
            () ->
                rebuild(
                    "ices2",
                    directory.resolve("none"),
                    new ImageName.Layout(directory.resolve("no-image"), ""),
                    repositories(),
                    unsigned("source", real.resolve("source")),
                    true))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE));
  }
}
