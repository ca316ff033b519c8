package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "99949, 99.9 kB",
    "99950, 100 kB",
    "999499, 999 kB",
    "999500, 1.0 MB",
    "5200000000, 5.2 GB"
  })
  void sizesHaveTwoOrThreeDigits(long bytes, String text) {
    assertThat(Size.text(bytes)).isEqualTo(text);
  }
}
