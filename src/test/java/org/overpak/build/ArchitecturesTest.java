package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitecturesTest {
  @ParameterizedTest
  @CsvSource({
    "x86_64, x86_64, x86_64",
    "x86_64_v3, x86_64, x86_64",
    "aarch64, aarch64, aarch64",
    "i686, i386, i686",
    "i386, i386, i686",
    "armv7hl, arm, armv7hl",
    "armv6hl, arm, armv7hl",
    "ppc64le, ppc64le, ppc64le",
    "s390x, s390x, s390x",
    "riscv64, riscv64, riscv64"
  })
  void namesOfRpmAndFlatpak(String rpm, String flatpak, String back) {
    assertThat(Architectures.flatpak(rpm)).isEqualTo(flatpak);
    assertThat(Architectures.rpm(flatpak)).isEqualTo(back);
  }
}
