package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.overpak.solve.UniverseText.resolve;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.overpak.rpm.Dependency;

class SolverTest {
  private static final Universe SMALL =
      UniverseText.parse(
          """
          runtime:
            glibc-2.38-1.x86_64; provides libc.so.6()(64bit)
            bash-5-1.x86_64; provides /bin/sh; files /usr/bin/bash
          main:
            app-1-1.x86_64; requires libfoo, libc.so.6()(64bit), /bin/sh, /usr/bin/bash
            libfoo-1-1.x86_64; requires bar >= 2
            libfoo-2-1.x86_64; requires bar >= 2
            bar-2-1.noarch
            bar-1-1.noarch
            glibc-2.39-1.x86_64; provides libc.so.6()(64bit)
          """);

  @Test
  void addsWhatTheRuntimeLacks() {
    assertThat(resolve(SMALL, "app")).isEqualTo("app-1-1.x86_64 bar-2-1.noarch libfoo-2-1.x86_64");
  }

  @Test
  void tellsWhyEachPackageIsAdded() {
    var solution =
        (Resolution.Solution) Solver.solve(SMALL, Request.of("app", "bash"), FileOwners.NONE);
    assertThat(solution.added())
        .extracting(added -> added.reason().toString())
        .satisfiesExactly(
            app -> assertThat(app).isEqualTo("RequestedBy[spec=app]"),
            bar -> assertThat(bar).contains("libfoo-2-1.x86_64").contains("bar >= 2"),
            libfoo -> assertThat(libfoo).contains("app-1-1.x86_64").contains("libfoo"));
    assertThat(solution.satisfied()).extracting(Resolution.Satisfied::spec).containsExactly("bash");
  }

  @Test
  void givesTheCallerBackItsOwnPosition() {
    var solution = (Resolution.Solution) Solver.solve(SMALL, Request.of("bar"), FileOwners.NONE);
    Solvable bar = solution.added().getFirst().solvable();
    assertThat(bar.repository()).isEqualTo("main");
    assertThat(bar.position()).isEqualTo(3);
  }

  @Test
  void takesEveryFormOfSpec() {
    assertThat(resolve(SMALL, "bar-1")).isEqualTo("bar-1-1.noarch");
    assertThat(resolve(SMALL, "bar-1-1")).isEqualTo("bar-1-1.noarch");
    assertThat(resolve(SMALL, "bar-1-1.noarch")).isEqualTo("bar-1-1.noarch");
    assertThat(resolve(SMALL, "bar-0:1-1.noarch")).isEqualTo("bar-1-1.noarch");
    assertThat(resolve(SMALL, "bar.noarch")).isEqualTo("bar-2-1.noarch");
    assertThat(resolve(SMALL, "bar < 2")).isEqualTo("bar-1-1.noarch");
    assertThat(resolve(SMALL, "b*")).isEqualTo("bar-2-1.noarch");
    assertThat(resolve(SMALL, "(bar and libfoo)")).isEqualTo("bar-2-1.noarch libfoo-2-1.x86_64");
    assertThat(resolve(SMALL, "/usr/bin/bash")).isEmpty();
  }

  @Test
  void asksForFilesThatPrimaryMetadataLacks() {
    var universe =
        UniverseText.parse(
            """
            main:
              app-1-1.x86_64; requires /usr/share/data/x
              data-1-1.noarch
            """);
    FileOwners owners =
        (repository, paths) -> {
          assertThat(repository).isEqualTo("main");
          assertThat(paths).containsExactly("/usr/share/data/x");
          return Map.of("/usr/share/data/x", List.of(1));
        };
    assertThat(UniverseText.text(Solver.solve(universe, Request.of("app"), owners)))
        .isEqualTo("app-1-1.x86_64 data-1-1.noarch");
  }

  @Test
  void aBetterRepositoryWinsOverANewerVersion() {
    var universe =
        UniverseText.parse(
            """
            main:
              app-2-1.x86_64
            local priority=10:
              app-1-1.x86_64
            """);
    assertThat(resolve(universe, "app")).isEqualTo("app-1-1.x86_64");
  }

  @Test
  void anObsoletingPackageIsTakenForItsOldName() {
    var universe =
        UniverseText.parse(
            """
            main:
              old-1-1.x86_64
              new-2-1.x86_64; obsoletes old < 2
            """);
    assertThat(resolve(universe, "old")).isEqualTo("new-2-1.x86_64");
  }

  @Test
  void aLaterDecisionMakesAnEarlierChoiceNeedless() {
    var universe =
        UniverseText.parse(
            """
            main:
              app-1-1.x86_64; requires mail, editor
              exim-1-1.x86_64; provides mail
              postfix-1-1.x86_64; provides mail
              vi-1-1.x86_64; provides editor; requires postfix
            """);
    assertThat(resolve(universe, "app", "mail"))
        .isEqualTo("app-1-1.x86_64 postfix-1-1.x86_64 vi-1-1.x86_64");
  }

  @Test
  void backsOutOfAChoiceThatConflicts() {
    var universe =
        UniverseText.parse(
            """
            runtime:
              base-1-1.noarch; conflicts exim
            main:
              app-1-1.x86_64; requires mail
              exim-1-1.x86_64; provides mail
              postfix-1-1.x86_64; provides mail; requires tls
              sendmail-1-1.x86_64; provides mail
              openssl-1-1.x86_64; provides tls; conflicts app
            """);
    assertThat(resolve(universe, "app")).isEqualTo("app-1-1.x86_64 sendmail-1-1.x86_64");
  }

  @Test
  void theBestCandidateOrAnOlderOneAsAsked() {
    var universe =
        UniverseText.parse(
            """
            runtime:
              glibc-2.38-1.x86_64
            main:
              app-2-1.x86_64; requires glibc >= 2.40
              app-1-1.x86_64
            """);
    Request request = Request.of("app");
    assertThat(UniverseText.text(Solver.solve(universe, request, FileOwners.NONE)))
        .startsWith("'app' cannot be installed: app-2-1.x86_64 (main) requires glibc >= 2.40");
    assertThat(UniverseText.text(Solver.solve(universe, request.withBest(false), FileOwners.NONE)))
        .isEqualTo("app-1-1.x86_64");
  }

  @Test
  void richRequirementsOfTheRuntimeAreKept() {
    var universe =
        UniverseText.parse(
            """
            runtime:
              langs-1-1.noarch; requires (editor-langs if editor)
            main:
              editor-1-1.x86_64
              editor-langs-1-1.noarch
            """);
    var solution =
        (Resolution.Solution) Solver.solve(universe, Request.of("editor"), FileOwners.NONE);
    assertThat(UniverseText.text(solution)).isEqualTo("editor-1-1.x86_64 editor-langs-1-1.noarch");
    assertThat(((Resolution.Reason.RequiredBy) solution.added().getLast().reason()).dependency())
        .isEqualTo(Dependency.parse("(editor-langs if editor)"));
  }
}
