package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DependencyTest {

  private static Dependency.Simple simple(String text) {
    return (Dependency.Simple) Dependency.parse(text);
  }

  /// The cases of rpm's own tests/rpmdepmatch.at, and the rules around a missing release.
  @ParameterizedTest
  @CsvSource({
    "a = 1.2, a = 0:1.2, true",
    "a = 1:1.2, a = 1.2, false",
    "a = 1:1.2, a > 1.2, true",
    "a = 1.2, a < 1:1.2, true",
    "a > 1.2, a >= 1.2, true",
    "a > 1.2, a = 1.2, false",
    "a < 1.2-1, a = 1.2, true",
    "a > 1.2-1, a <= 1.2, true",
    "a < 1.2, a = 1.2-1, false",
    "a <= 1.2, a > 1.2-1, true",
    "a = 1.2-1, a = 1.2, true",
    "a = 1.2-1, a <= 1.2, true",
    "a = 1.2-1, a >= 1.2, true",
    "a = 1.2-1, a < 1.2, false",
    "a = 1.2-1, a > 1.2, false",
    "a = 1.2, a = 1.2-1, true",
    "a = 1.2, a < 1.2-1, true",
    "a = 1.2, a > 1.2-1, true",
    "a = 1.2-1, a = 1.2-1, true",
    "a = 1.2-1, a = 1.2-2, false",
    "a = 1.2-1, a < 1.2-2, true",
    "a < 1.2, a > 1.1, true",
    "a < 1.2, a > 1.2, false",
    "a <= 1.2, a >= 1.2, true",
    "a, a >= 1.2, true",
    "a = 1, a, true",
    "a = 1, b = 1, false",
  })
  void matchesAsRpm(String provide, String require, boolean expected) {
    assertThat(simple(require).satisfiedBy(simple(provide))).isEqualTo(expected);
  }

  @Test
  void obsoletesMatchesAPackageByItsFullVersion() {
    var provide = new Nevra("a", Evr.parse("1:2-3"), "noarch").asProvide();
    assertThat(simple("a < 1:2-4").satisfiedBy(provide)).isTrue();
    assertThat(simple("a < 1:2-3").satisfiedBy(provide)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "libc.so.6(GLIBC_2.34)(64bit)",
        "bash >= 0:5-1",
        "(a or b or c)",
        "(a if b)",
        "(a if b else c)",
        "(a = 1 with a < 2)",
        "((a and b) if (c or d(x) >= 2) else e)",
        "(a without b)",
        "(a unless b else (c with d))",
      })
  void printsWhatItParsed(String text) {
    String printed = Dependency.parse(text).toString();
    assertThat(Dependency.parse(printed)).isEqualTo(Dependency.parse(text));
    assertThat(printed).isEqualTo(text.replace("0:", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "(a",
        "(a or)",
        "(a or b and c)",
        "(a if b if c)",
        "(a or b) c",
        "a >=",
        "(a maybe b)",
        "(a or b else c)",
      })
  void rejectsWhatRpmRejects(String text) {
    assertThatThrownBy(() -> Dependency.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rejectsEndlessNesting() {
    assertThatThrownBy(() -> Dependency.parse("(".repeat(10_000)))
        .hasMessageContaining("nested too deeply");
  }
}
