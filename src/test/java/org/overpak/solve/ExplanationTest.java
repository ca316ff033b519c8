package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.overpak.solve.UniverseText.resolve;

import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Universe UNIVERSE =
      UniverseText.parse(
          """
          runtime:
            glibc-2.38-1.x86_64
            gtk3-3-1.x86_64; conflicts gtk3-themes < 2
          main:
            gedit-1-1.x86_64; requires gtksource
            gtksource-1-1.x86_64; requires gtk4 >= 4.10
            gtk4-4.8-1.x86_64
            gtk4-4.12-1.x86_64; excluded by excludepkgs=gtk4-4.12*
            newer-1-1.x86_64; requires glibc >= 2.40
            glibc-2.40-1.x86_64
            themes-1-1.noarch; requires gtk3-themes
            gtk3-themes-1-1.noarch
            dark-1-1.noarch; conflicts light
            light-1-1.noarch
            chess-1-1.s390x
            renamed-2-1.x86_64; obsoletes gtk3
          """);

  @Test
  void unknownPackagesAreAllNamedWithWhatTheyMayMean() {
    assertThat(resolve(UNIVERSE, "gedti", "Glibc-devel", "chess"))
        .isEqualTo(
            """
            no package matches 'gedti'; did you mean gedit?
            no package matches 'Glibc-devel'; did you mean glibc?
            no package that can be installed matches 'chess': chess-1-1.s390x is of another architecture""");
  }

  @Test
  void anUnmetDependencyShowsTheChainThatLeadsToIt() {
    assertThat(resolve(UNIVERSE, "gedit"))
        .isEqualTo(
            """
            'gedit' cannot be installed: gtksource-1-1.x86_64 requires gtk4 >= 4.10, which nothing provides: gtk4-4.12-1.x86_64 is excluded by excludepkgs=gtk4-4.12*, gtk4-4.8-1.x86_64 provides gtk4 = 4.8-1
              'gedit' is requested, that is gedit-1-1.x86_64
                gedit-1-1.x86_64 requires gtksource, that is gtksource-1-1.x86_64
                  gtksource-1-1.x86_64 requires gtk4 >= 4.10, which nothing provides: gtk4-4.12-1.x86_64 is excluded by excludepkgs=gtk4-4.12*, gtk4-4.8-1.x86_64 provides gtk4 = 4.8-1""");
  }

  @Test
  void aNewerRuntimePackageIsNeeded() {
    assertThat(resolve(UNIVERSE, "newer"))
        .isEqualTo(
            """
            'newer' cannot be installed: newer-1-1.x86_64 requires glibc >= 2.40, which nothing provides: glibc-2.40-1.x86_64 cannot replace the runtime's 2.38-1, the runtime's glibc-2.38-1.x86_64 provides glibc = 2.38-1
              'newer' is requested, that is newer-1-1.x86_64
                newer-1-1.x86_64 requires glibc >= 2.40, which nothing provides: glibc-2.40-1.x86_64 cannot replace the runtime's 2.38-1, the runtime's glibc-2.38-1.x86_64 provides glibc = 2.38-1""");
  }

  @Test
  void aConflictWithTheRuntime() {
    assertThat(resolve(UNIVERSE, "themes"))
        .startsWith(
            "'themes' cannot be installed: the runtime's gtk3-3-1.x86_64 conflicts with gtk3-themes"
                + " < 2, that is gtk3-themes-1-1.noarch\n");
  }

  @Test
  void aConflictBetweenTwoSpecs() {
    assertThat(resolve(UNIVERSE, "dark", "light"))
        .startsWith(
            "'dark' and 'light' cannot be installed together: dark-1-1.noarch conflicts with light,"
                + " that is light-1-1.noarch\n");
  }

  @Test
  void anObsoleteRuntimePackageIsNotReplaced() {
    assertThat(resolve(UNIVERSE, "renamed"))
        .contains("renamed-2-1.x86_64 obsoletes gtk3, that is the runtime's gtk3-3-1.x86_64");
  }
}
