package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

class LayerCompressionTest {
  @Test
  void theLevelMayBeLeftOut() {
    assertThat(LayerCompression.parse("zstd"))
        .isEqualTo(LayerCompression.DEFAULT)
        .hasToString("zstd:3");
    assertThat(LayerCompression.parse("gzip")).hasToString("gzip:6");
    assertThat(LayerCompression.parse("none")).hasToString("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd:1", "zstd:22", "gzip:1", "gzip:9", "none"})
  void namesAreReadAsWritten(String name) {
    assertThat(LayerCompression.parse(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "xz", "zstd:0", "zstd:23", "gzip:10", "gzip:fast", "gzip:", "none:1"})
  void othersAreRefused(String name) {
    assertThatThrownBy(() -> LayerCompression.parse(name))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("'" + name + "'");
  }
}
