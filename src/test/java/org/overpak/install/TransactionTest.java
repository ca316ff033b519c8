package org.overpak.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionTest {
  @Test
  void theRuntimesRpmDecides() {
    assertThat(new RpmVersion("4.18.0").countsForFileTriggers()).isFalse();
    assertThat(new RpmVersion("4.19.1.1").ignoresWeakInOrder()).isFalse();
    assertThat(new RpmVersion("4.20.0").countsForFileTriggers()).isTrue();
    assertThat(new RpmVersion("4.20.1").reversesLoops()).isFalse();
    assertThat(new RpmVersion("6.0.2").reversesLoops()).isTrue();
  }

  @Test
  void withoutRpmItIsTheNewest() {
    assertThat(RpmVersion.of(List.of()).countsForFileTriggers()).isTrue();
  }
}
