package org.overpak.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.DnfTable;
import org.overpak.testing.Failures;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.testing.SourcePackages;

/// Which source packages are planned, and what they wait for: what dnf would install for the app,
/// and for what rpm says that each source package needs.
class RebuildPlanIT {
  private static final Judge DNF = Judge.of("dnf");
  private static final Judge RPM = Judge.of("rpm");
  private static final TestFlatpaks FLATPAKS = TestFlatpaks.make();

  @TempDir private static Path directory;
  private static Path real = Path.of("");
  private static Path made = Path.of("");

  @BeforeAll
  static void makePackages() throws IOException {
    real = SourcePackages.directory();
    made = directory.resolve("made");
    SourcePackages.build(
        made,
        List.of(
            spec(
                "viewer", "/usr", "Requires: part\nRequires: ready\nRequires: all-of-it\n", "part"),
            spec("part", "/usr", "", "(maker if bash)", "/usr/share/data/file"),
            // What its -devel package requires is built from a source package that it does not
            // name.
            spec("maker", "/usr", "Requires: data\n", "bash"),
            spec("data", "/usr", "Provides: data(new) = 2\n", "bash >= 5"),
            spec("ready", "/app", "Requires: part\n", "no-such-thing"),
            // Has no files, and so nothing to rebuild; what it requires has.
            spec("all-of-it", "", "Requires: data(new) >= 2\n"),
            // To build these, each takes another.
            spec("alpha", "/usr", "", "beta"),
            spec("beta", "/usr", "", "gamma"),
            spec("gamma", "/usr", "", "alpha", "gamma"),
            spec("outside", "/usr", "", "alpha"),
            spec("ring", "/app", "Requires: alpha, beta, gamma, outside\n", "bash"),
            spec("unbuildable", "/usr", "", "no-such-thing >= 3"),
            spec("lost", "/usr", "", "bash")));
    Files.delete(made.resolve("source/lost-1-1.src.rpm"));
    Command.of("createrepo_c", "--quiet", made.resolve("source").toString()).run();
  }

  /// A source package with one binary package, that has a file below PREFIX.
  private static String spec(String name, String prefix, String relations, String... build) {
    String needs =
        Stream.of(build).map(one -> "BuildRequires: " + one + "\n").collect(Collectors.joining());
    String file = prefix.isEmpty() ? "" : prefix + "/share/" + name + "/file";
    return """
        Name: %s
        Version: 1
        Release: 1
        Summary: A package
        License: CC0-1.0
        BuildArch: noarch
        %s%s
        %%description
        A package.
        %%install
        mkdir -p %%{buildroot}%s/share/%s; touch %%{buildroot}%s
        %%files
        %s
        """
        .formatted(name, relations, needs, prefix, name, file.isEmpty() ? "/unused" : file, file)
        .replace("mkdir -p %{buildroot}/share/" + name + "; touch %{buildroot}/unused\n", "");
  }

  private static RebuildPlan plan(Path packages, String app, String... bootstrap) {
    ContainerSpec spec =
        ContainerSpec.parse(
            "container.yaml",
            """
            flatpak:
              id: org.overpak.testing.Rebuilt
              runtime: org.overpak.testing.Platform
              runtime-version: stable
              packages: [%s]
              command: sh
            """
                .formatted(app)
                .getBytes(UTF_8));
    return RebuildPlan.run(
        new RebuildPlan.Request(
            new AppResolution.Request(
                spec,
                directory,
                FLATPAKS.runtime().image().name(),
                null,
                new RepositoryChoice(
                    List.of(
                        new RepositoryOption.ConfigFile(Project.distro().resolve("base.repo")),
                        named("toolchain", real.resolve("toolchain")),
                        named("binary", packages.resolve("binary"))),
                    Set.of("toolchain", "binary")),
                FLATPAKS.cache()),
            null,
            new RepositoryChoice(
                List.of(named("source", packages.resolve("source"))), Set.of("source")),
            Set.of(bootstrap)),
        Progress.SILENT);
  }

  private static RepositoryOption named(String name, Path repository) {
    return new RepositoryOption.Named(name + "=" + repository, List.of());
  }

  /// What dnf would install beside the runtime for REQUIREMENTS, without what is for `/app`.
  private static Set<String> byDnf(Path packages, List<String> requirements) throws IOException {
    Path root = Files.createTempDirectory(directory, "root");
    Path database = Files.createDirectories(root.resolve("usr/lib/sysimage"));
    Command.of("cp", "-a", Project.distro().resolve("root/usr/lib/sysimage/rpm").toString())
        .and(database.toString())
        .run();
    List<String> line =
        new ArrayList<>(
            List.of(
                "--installroot=" + root,
                "--setopt=reposdir=/dev/null",
                "--setopt=cachedir=" + directory.resolve("dnf"),
                "--setopt=install_weak_deps=0",
                "--setopt=best=1",
                "--setopt=*.gpgcheck=0",
                "--releasever=12",
                "--assumeno"));
    for (Path repository :
        List.of(
            Project.distro().resolve("repos/base"),
            real.resolve("toolchain"),
            packages.resolve("binary"))) {
      line.add("--repofrompath=" + repository.getFileName() + ",file://" + repository);
    }
    line.add("install");
    line.addAll(requirements);
    Command.Result result =
        DNF.runToAnyEnd(
            DNF.command(line.toArray(String[]::new))
                .with("HOME", directory.toString())
                .within(Duration.ofMinutes(2)));
    Command.of("rm", "-rf", root.toString()).run();
    assertThat(result.text() + result.errorText()).containsAnyOf("Operation aborted", "Nothing to");
    Set<String> added = new TreeSet<>();
    for (String one : DnfTable.added(result)) {
      var parts = Pattern.compile("install (.*)@(.*)").matcher(one);
      assertThat(parts.matches()).as(one).isTrue();
      if (parts.group(2).equals("binary")) {
        added.add(parts.group(1));
      }
    }
    return added;
  }

  private static String query(Path packages, String nevra, String format) {
    return RPM.run(
            "-qp", "--qf", format, packages.resolve("binary").resolve(nevra + ".rpm").toString())
        .text();
  }

  /// The source packages, and those that must be built before, as dnf and rpm lead to them.
  private static Map<String, String> byJudges(Path packages, String app) throws IOException {
    Set<String> sources = new TreeSet<>();
    for (String nevra : byDnf(packages, List.of(app))) {
      String files = query(packages, nevra, "[%{FILENAMES}\\n]");
      if (!files.isEmpty() && !files.contains("/app/")) {
        sources.add(query(packages, nevra, "%{SOURCERPM}"));
      }
    }
    Map<String, String> result = new TreeMap<>();
    for (String source : sources) {
      List<String> needs =
          RPM
              .run("-qp", "--requires", packages.resolve("source").resolve(source).toString())
              .lines()
              .stream()
              .filter(line -> !line.startsWith("rpmlib("))
              .toList();
      Set<String> before = new TreeSet<>();
      for (String nevra : byDnf(packages, needs)) {
        before.add(query(packages, nevra, "%{SOURCERPM}"));
      }
      before.retainAll(sources);
      before.remove(source);
      result.put(source, String.join(", ", before));
    }
    return result;
  }

  private static Map<String, String> ours(RebuildPlan plan) {
    Map<String, String> result = new TreeMap<>();
    for (RebuildPlan.Source source : plan.sources()) {
      result.put(
          source.name() + ".src.rpm",
          source.after().stream()
              .map(one -> one.source() + ".src.rpm")
              .collect(Collectors.joining(", ")));
    }
    return result;
  }

  private static List<List<String>> batches(RebuildPlan plan) {
    return plan.batches().stream()
        .map(batch -> batch.stream().map(RebuildPlan.Source::name).toList())
        .toList();
  }

  @Test
  void aRealChainIsPlannedAsTheJudgesResolveIt() throws IOException {
    String subject = "source packages of ices2, and what they wait for";
    Map<String, String> theirs = byJudges(real, "ices2");
    RebuildPlan plan = plan(real, "ices2");
    Map<String, String> ours = ours(plan);
    DNF.compare(subject, theirs, ours);
    RPM.compare(subject, theirs, ours);
    Map<String, String> wrong = new TreeMap<>(ours);
    wrong.replace("libshout-2.4.6-1.src.rpm", "libvorbis-1.3.7-1.src.rpm");
    DNF.distinguishes("a source package that does not wait for all", subject, theirs, wrong);
    assertThat(batches(plan))
        .containsExactly(
            List.of("libogg-1.3.5-1"),
            List.of("libvorbis-1.3.7-1"),
            List.of("libshout-2.4.6-1"),
            List.of("ices2-2.0.3-1"));
    RebuildPlan.Source last = plan.sources().getLast();
    assertThat(last.wanted().getFirst().chain()).containsExactly("the spec asks for ices2");
    assertThat(last.after().getFirst().chain())
        .containsExactly(
            "ices2-2.0.3-1.src requires libshout-devel >= 2.4",
            "libshout-devel-2.4.6-1.x86_64 requires libogg-devel");
    assertThat(last.installed()).anyMatch(one -> one.nevra().name().equals("libxml2-dev"));
  }

  @Test
  void whatIsBuiltForAppIsNotBuiltAgain() throws IOException {
    RebuildPlan plan = plan(made, "viewer");
    String subject = "source packages of viewer, and what they wait for";
    Map<String, String> theirs = byJudges(made, "viewer");
    DNF.compare(subject, theirs, ours(plan));
    assertThat(batches(plan))
        .containsExactly(List.of("data-1-1"), List.of("part-1-1"), List.of("viewer-1-1"));
    assertThat(plan.ready())
        .extracting(one -> one.nevra().toString())
        .containsExactly("all-of-it-1-1.noarch", "ready-1-1.noarch");
    DNF.distinguishes(
        "a source package that is not needed", subject, theirs, ours(plan(made, "viewer, maker")));
  }

  @Test
  void aCircleIsShownAndBrokenWhereItIsAskedFor() throws IOException {
    OverpakException failure = Failures.of(ExitCode.UNSOLVABLE, () -> plan(made, "ring"));
    assertThat(failure.getMessage())
        .isEqualTo(
            """
                      source packages need each other to be built:
                        alpha-1-1.src requires beta, which is built from beta-1-1
                        beta-1-1.src requires gamma, which is built from gamma-1-1
                        gamma-1-1.src requires alpha, which is built from alpha-1-1\
                      """);
    assertThat(failure.advice()).contains("--bootstrap NAME");
    RebuildPlan plan = plan(made, "ring", "gamma");
    assertThat(batches(plan))
        .containsExactly(
            List.of("gamma-1-1"),
            List.of("beta-1-1"),
            List.of("alpha-1-1"),
            List.of("outside-1-1"));
    assertThat(plan.sources().getFirst().bootstrapped())
        .extracting(RebuildPlan.Needed::source)
        .contains("alpha-1-1");
    OverpakException another = Failures.of(ExitCode.USAGE, () -> plan(made, "ring", "delta"));
    assertThat(another.advice()).contains("alpha, beta, gamma, outside");
  }

  @Test
  void whatCannotBeBuiltIsSaid() {
    OverpakException failure = Failures.of(ExitCode.UNSOLVABLE, () -> plan(made, "unbuildable"));
    assertThat(failure.getMessage())
        .startsWith("what unbuildable-1-1 needs to be built")
        .contains("no-such-thing >= 3");
    OverpakException another = Failures.of(ExitCode.UNSOLVABLE, () -> plan(made, "lost"));
    assertThat(another.getMessage())
        .isEqualTo(
            "no source repository has lost-1-1.src.rpm, from which lost-1-1.noarch was"
                + " built; it is needed, since the spec asks for lost");
  }
}
