package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionOrderTest {

  /// The cases of rpm's own tests/rpmvercmp.at that each show another rule.
  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0, 0",
    "2.0, 1.0, 1",
    "2.0.1, 2.0.1, 0",
    "2.0.1, 2.0, 1",
    "2.0.1a, 2.0.1, 1",
    "5.5p1, 5.5p2, -1",
    "5.5p1, 5.5p10, -1",
    "10xyz, 10.1xyz, -1",
    "xyz10, xyz10.1, -1",
    "xyz.4, 8, -1",
    "xyz.4, 2, -1",
    "5.5p2, 5.6p1, -1",
    "5.6p1, 6.5p1, -1",
    "6.0.rc1, 6.0, 1",
    "10b2, 10a1, 1",
    "1.0a, 1.0aa, -1",
    "10.0001, 10.0001, 0",
    "10.0001, 10.1, 0",
    "10.0001, 10.0039, -1",
    "4.999.9, 5.0, -1",
    "20101121, 20101122, -1",
    "2_0, 2_0, 0",
    "2.0, 2_0, 0",
    "a, a, 0",
    "a+, a_, 0",
    "+a, _a, 0",
    "+_, _+, 0",
    "+, _, 0",
    "1.0~rc1, 1.0, -1",
    "1.0~rc1, 1.0~rc2, -1",
    "1.0~rc1~git123, 1.0~rc1, -1",
    "1.0^, 1.0^, 0",
    "1.0^, 1.0, 1",
    "1.0^git1, 1.0, 1",
    "1.0^git1, 1.0^git2, -1",
    "1.0^git1, 1.01, -1",
    "1.0^20160101, 1.0.1, -1",
    "1.0^20160101^git1, 1.0^20160101^git1, 0",
    "1.0^20160102, 1.0^20160101^git1, 1",
    "1.0~rc1^git1, 1.0~rc1, 1",
    "1.0^git1~pre, 1.0^git1, -1",
    "1.0^1, 1.0~1, 1",
    "1b.fc17, 1.fc17, -1",
    "1g.fc17, 1.fc17, 1",
    "1.1.α, 1.1.β, 0",
    "11111111111111111111111, 2222222222222222222222, 1",
  })
  void ordersAsRpm(String a, String b, int expected) {
    assertThat(Integer.signum(VersionOrder.compare(a, b))).isEqualTo(expected);
    assertThat(Integer.signum(VersionOrder.compare(b, a))).isEqualTo(-expected);
  }
}
