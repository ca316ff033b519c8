package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.oci.ImageLayout;
import org.overpak.rpm.RpmBuild;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.Failures;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// On a runtime that has lost its RPM database apps become what they become with it, and what is
/// missing is what rpm misses that still has the database.
class ScannedRuntimeIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final TestFlatpaks FLATPAKS = TestFlatpaks.make();
  private static final Path DATABASE =
      Project.distro().resolve("root/usr/lib/sysimage/rpm/rpmdb.sqlite");

  /// What apps may require: what the runtime has, and what it has not.
  private static final List<String> REQUIREMENTS =
      List.of(
          "libc.so.6(GLIBC_2.34)(64bit)",
          "libc.so.6(GLIBC_9.99)(64bit)",
          "libc.so.6(GLIBC_2.34)",
          "libgtk-3.so.0()(64bit)",
          "libnowhere.so.1()(64bit)",
          "ld-linux-x86-64.so.2(GLIBC_2.3)(64bit)",
          "rtld(GNU_HASH)",
          "/usr/bin/sh",
          "/usr/bin/python3.11",
          "/usr/bin/nowhere",
          "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
          "/usr/share/fonts/nowhere.ttf",
          "/etc/passwd",
          "bash",
          "bash >= 5",
          "bash >= 99",
          "font(:lang=de)",
          "filesystem",
          "python3",
          "gir1.2-gtk-3.0",
          "tzdata",
          "gcc-12-base",
          "system-release",
          "nowhere",
          "(nowhere or bash)",
          "(nowhere if bash)",
          "(nowhere if elsewhere)");

  private static String packages() {
    var text =
        new StringBuilder(
            """
            Name: app
            Version: 1
            Release: 1
            Summary: Requires nothing
            License: MIT
            BuildArch: noarch
            AutoReqProv: no
            %description
            An app.
            %install
            mkdir -p %{buildroot}/app/share/app
            %files
            /app/share/app
            """);
    for (int number = 0; number < REQUIREMENTS.size(); number++) {
      text.append(
          """

          %%package -n app%1$d
          Summary: Requires one thing
          Requires: %2$s
          %%description -n app%1$d
          An app.
          %%files -n app%1$d
          /app/share/app
          """
              .formatted(number, REQUIREMENTS.get(number)));
    }
    return text.toString();
  }

  @TempDir private static Path directory;
  private static Path repository = Path.of("");

  @BeforeAll
  static void buildPackages() throws IOException {
    repository = Files.createDirectory(directory.resolve("repository"));
    for (Path file : RpmBuild.buildAll(directory.resolve("build"), packages())) {
      Files.copy(file, repository.resolve(file.getFileName()));
    }
    Command.of("createrepo_c", "--quiet", repository.toString()).run();
  }

  private static Map<String, String> listing(BuiltApp app) {
    return TreeListing.of(
        ImageLayout.open(app.image().layout()).readTree(_ -> true, Progress.SILENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "figlet",
        "onig",
        "odd",
        "accounts",
        "chowner",
        "scripted",
        "lua",
        "phases",
        "dictionary",
        "galculator",
        "zim",
        "sopwith",
        "lbreakouthd"
      })
  void theAppIsTheOneThatIsBuiltWithTheDatabase(String name) {
    ContainerSpec spec = TestFlatpaks.spec(name);
    BuiltApp with = FLATPAKS.build(spec);
    BuiltApp without = FLATPAKS.build(spec, FLATPAKS.scannedRuntime());
    assertThat(listing(without)).isEqualTo(listing(with));
    assertThat(without.added()).isEqualTo(with.added());
    assertThat(without.image().digest()).isEqualTo(with.image().digest());
    assertThat(without.isRuntimeScanned()).isTrue();
    assertThat(without.notes()).anyMatch(note -> note.contains("has no RPM database"));
    assertThat(with.isRuntimeScanned()).isFalse();
    // It writes into /app before any package is there, which needs a runtime below it.
    if (!name.equals("phases")) {
      BuiltApp clean = FLATPAKS.build(spec, FLATPAKS.scannedRuntime(), Engine.CLEAN);
      assertThat(clean.added()).isEqualTo(with.added());
      assertThat(clean.image().digest()).as("clean").isEqualTo(with.image().digest());
      assertThat(clean.isRuntimeScanned()).isTrue();
    }
  }

  private static ContainerSpec spec(int app, String overpak) {
    return ContainerSpec.parse(
        "container.yaml",
        """
        flatpak:
          id: org.overpak.testing.Needing
          runtime: org.overpak.testing.Platform
          runtime-version: stable
          packages: [app%d]
          command: sh
        %s
        """
            .formatted(app, overpak)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static RepositoryChoice repositories() {
    return new RepositoryChoice(
        List.of(
            new RepositoryOption.ConfigFile(Project.distro().resolve("all.repo")),
            new RepositoryOption.Named("own=" + repository, List.of())),
        Set.of("own"));
  }

  private static List<String> added(int app, String overpak) {
    return AppResolution.run(
        new AppResolution.Request(
            spec(app, overpak),
            directory,
            FLATPAKS.scannedRuntime(),
            null,
            repositories(),
            FLATPAKS.cache()),
        Progress.SILENT,
        resolution -> {
          assertThat(resolution.isRuntimeScanned()).isTrue();
          return resolution.selection().added().stream().map(one -> one.nevra().name()).toList();
        });
  }

  /// Which requirements rpm misses in the database that the runtime had.
  private static Map<String, String> missedByRpm() throws IOException {
    Path database = Files.createTempDirectory(directory, "rpmdb");
    Command.of("cp", DATABASE.toString(), database.toString()).run();
    List<String> command =
        new ArrayList<>(List.of("--dbpath", database.toString(), "-i", "--test", "--force-debian"));
    for (int app = 0; app < REQUIREMENTS.size(); app++) {
      command.add(repository.resolve("app" + app + "-1-1.noarch.rpm").toString());
    }
    Command.Result result =
        RPM.rejects(
            "packages whose requirements the runtime does not meet",
            command.toArray(String[]::new));
    Map<String, String> missed = new TreeMap<>();
    Pattern.compile("\\t(.+) is needed by (\\S+)-1-1.noarch")
        .matcher(result.errorText())
        .results()
        .forEach(match -> missed.put(match.group(2), match.group(1)));
    return missed;
  }

  @Test
  void whatIsMissingIsWhatRpmMissesThatHasTheDatabase() throws IOException {
    Map<String, String> ours = new TreeMap<>();
    for (int app = 0; app < REQUIREMENTS.size(); app++) {
      String name = "app" + app;
      String requirement = REQUIREMENTS.get(app);
      try {
        assertThat(added(app, "")).containsExactly(name);
      } catch (OverpakException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.UNSOLVABLE);
        assertThat(e.getMessage())
            .contains(requirement)
            .satisfiesAnyOf(
                text ->
                    assertThat(text)
                        .contains("which neither the runtime, scanned from its files, nor any"),
                text -> assertThat(text).contains("would replace the runtime's"));
        ours.put(name, requirement);
      }
    }
    Map<String, String> theirs = missedByRpm();
    RPM.compare("what a runtime without its database lacks", theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.pollFirstEntry();
    RPM.distinguishes("a requirement that is passed over", "lacks", theirs, wrong);
  }

  @Test
  void whatNothingKnowsCanBeAssumed() {
    int app = REQUIREMENTS.indexOf("nowhere");
    assertThatThrownBy(() -> added(app, ""))
        .isInstanceOfSatisfying(
            OverpakException.class,
            e -> assertThat(e.advice()).contains("'overpak: {assume-provided: [\"nowhere\"]}'"));
    assertThat(added(app, "overpak: {assume-provided: [\"nowhere = 2\"]}"))
        .containsExactly("app" + app);
    int german = REQUIREMENTS.indexOf("font(:lang=de)");
    assertThat(added(german, "overpak: {assume-provided: ['font(:lang=de)']}"))
        .containsExactly("app" + german);
    int versioned = REQUIREMENTS.indexOf("bash >= 99");
    assertThatThrownBy(() -> added(versioned, "overpak: {assume-provided: [\"bash = 98\"]}"))
        .isInstanceOf(OverpakException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"DNF", "DNF5", "MICRODNF", "ZYPPER"})
  void packageManagersWouldInstallTheRuntimeAgain(Engine engine) {
    OverpakException failure =
        Failures.of(
            ExitCode.IMAGE,
            () -> FLATPAKS.build(TestFlatpaks.spec("hello"), FLATPAKS.scannedRuntime(), engine));
    assertThat(failure.getMessage())
        .contains("has no RPM database: " + engine + " would install again");
    assertThat(failure.advice()).contains("--engine clean");
  }
}
