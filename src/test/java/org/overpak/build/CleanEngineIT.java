package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.rpm.RpmBuild;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.Failures;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// What an app that was installed from nothing needs of its runtime, and the runtime has not: the
/// same as rpm misses when it is asked to install the app's packages on the runtime. That the app
/// is otherwise that of a native build, {@link AppExportIT} shows.
class CleanEngineIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final TestFlatpaks FLATPAKS = TestFlatpaks.make();

  /// An app, and what the distribution has for it, but not the runtime.
  private static final String PACKAGES =
      """
      Name: lacking
      Version: 1
      Release: 1
      Summary: An app
      License: MIT
      BuildArch: noarch
      AutoReqProv: no
      Requires: lacking-part
      Requires: bash
      %description
      An app.
      %files
      /app/share/lacking

      %install
      mkdir -p %{buildroot}/app/share/lacking/part %{buildroot}/usr/share/tool %{buildroot}/usr/share/more
      touch %{buildroot}/usr/share/tool/file

      %package part
      Summary: A part of it
      Requires: tool(interface) >= 2
      Requires: /usr/share/tool/file
      Requires: (tool if bash)
      Requires: coreutils
      Recommends: more
      %description part
      A part.
      %files part
      /app/share/lacking/part

      %package -n tool
      Summary: Not in the runtime
      Version: 3
      Provides: tool(interface) = 2.5
      Requires: more
      %description -n tool
      A tool.
      %files -n tool
      /usr/share/tool

      %package -n more
      Summary: What the tool needs, and nobody else
      %description -n more
      More.
      %files -n more
      /usr/share/more

      %package -n newer
      Summary: An app that wants another version of what the runtime has
      Requires: hostname >= 99
      %description -n newer
      An app.
      %files -n newer
      /app/share/lacking

      %package -n hostname
      Summary: That version
      Version: 99
      %description -n hostname
      Another version.
      %files -n hostname
      /usr/share/more

      %package -n whole
      Summary: An app that the runtime suffices for
      Requires: whole-all
      Recommends: tool
      %description -n whole
      An app.
      %files -n whole
      /app/share/lacking

      %package -n whole-all
      Summary: Nothing but requirements
      Requires: bash
      %description -n whole-all
      No files.
      %files -n whole-all
      """;

  @TempDir private static Path directory;
  private static Path repository = Path.of("");

  @BeforeAll
  static void buildPackages() throws IOException {
    repository = Files.createDirectory(directory.resolve("repository"));
    for (Path file : RpmBuild.buildAll(directory.resolve("build"), PACKAGES)) {
      Files.copy(file, repository.resolve(file.getFileName()));
    }
    Command.of("createrepo_c", "--quiet", repository.toString()).run();
  }

  private static BuiltApp build(String app) {
    ContainerSpec spec =
        ContainerSpec.parse(
            "container.yaml",
            """
            flatpak:
              id: org.overpak.testing.Lacking
              runtime: org.overpak.testing.Platform
              runtime-version: stable
              packages: [%s]
              command: sh
            """
                .formatted(app)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return AppBuild.run(
        new AppBuild.Request(
            spec,
            directory,
            FLATPAKS.runtime().image().name(),
            null,
            Engine.CLEAN,
            new RepositoryChoice(
                List.of(
                    new RepositoryOption.ConfigFile(Project.distro().resolve("all.repo")),
                    new RepositoryOption.Named("own=" + repository, List.of())),
                Set.of("own")),
            List.of(),
            TransactionRun.Failures.STRICT,
            false,
            true,
            new ImageName.Layout(directory.resolve("app"), ""),
            LayoutChoice.PLAIN,
            FLATPAKS.cache(),
            OptionalLong.empty()),
        Progress.SILENT);
  }

  private static Map<String, String> pairs(Pattern pattern, String text) {
    Map<String, String> result = new TreeMap<>();
    pattern
        .matcher(text)
        .results()
        .forEach((MatchResult match) -> result.put(match.group(1), match.group(2)));
    return result;
  }

  /// What rpm says that the runtime lacks for PACKAGES of the repository.
  private static Map<String, String> missedByRpm(String... packages) throws IOException {
    Path database = Files.createTempDirectory(directory, "rpmdb");
    Command.of(
            "cp",
            Project.distro().resolve("root/usr/lib/sysimage/rpm/rpmdb.sqlite").toString(),
            database.toString())
        .run();
    String[] files =
        Stream.of(packages)
            .map(name -> repository.resolve(name + ".noarch.rpm").toString())
            .toArray(String[]::new);
    Command.Result result =
        RPM.rejects(
            "packages whose requirements the runtime does not meet",
            RPM.command("--dbpath", database.toString(), "-i", "--test", "--force-debian")
                .and(files));
    return pairs(Pattern.compile("\\t(.+) is needed by (\\S+)"), result.errorText());
  }

  @Test
  void whatTheRuntimeLacksIsWhatRpmMisses() throws IOException {
    Map<String, String> theirs = missedByRpm("lacking-1-1", "lacking-part-1-1");
    assertThat(theirs).hasSize(3);
    OverpakException failure = Failures.of(ExitCode.UNSOLVABLE, () -> build("lacking"));
    assertThat(failure.getMessage())
        .startsWith(
            "the app needs what runtime/org.overpak.testing.Platform/x86_64/stable"
                + " does not have")
        .contains(
            "tool(interface) >= 2, which tool-3-1.noarch has in the clean root: the spec"
                + " asks for lacking, lacking-1-1.noarch requires lacking-part, and"
                + " lacking-part-1-1.noarch requires tool(interface) >= 2")
        .doesNotContain("more-1-1");
    assertThat(failure.advice()).contains("rebuild the packages for /app");
    Map<String, String> ours =
        pairs(
            Pattern.compile("\\n  (.+), which .*, and (\\S+) requires"),
            failure.getMessage() + "\n");
    RPM.compare("what the runtime lacks", theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.remove("(tool if bash)");
    RPM.distinguishes("a capability that is passed over", "what the runtime lacks", theirs, wrong);
  }

  @Test
  void anotherVersionOfWhatTheRuntimeHasIsNotThere() throws IOException {
    Map<String, String> theirs = missedByRpm("newer-1-1");
    assertThat(theirs).containsExactly(Map.entry("hostname >= 99", "newer-1-1.noarch"));
    OverpakException failure = Failures.of(ExitCode.UNSOLVABLE, () -> build("newer"));
    assertThat(failure.getMessage())
        .startsWith("the app was resolved for the clean root, but does not go with runtime/")
        .contains("hostname >= 99", "newer-1-1");
  }

  /// What has no file anywhere belongs to the app; what is only recommended is not needed.
  @Test
  void whatTheRuntimeSufficesForIsBuilt() {
    BuiltApp app = build("whole");
    assertThat(app.added())
        .extracting(one -> one.nevra().toString())
        .containsExactly("whole-1-1.noarch", "whole-all-1-1.noarch");
    assertThat(app.satisfied()).isEmpty();
  }
}
