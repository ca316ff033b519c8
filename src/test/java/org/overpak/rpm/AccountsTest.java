package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountsTest {
  private static final Accounts ACCOUNTS =
      Accounts.parse(
          """
          root:x:5:5:evil:/:/bin/sh
          mail:x:8:12::/:
          mail:x:9:9::/:
          broken
          :x:3:3::/:
          huge:x:99999999999:1::/:
          negative:x:-1:1::/:
          """,
          "mail:x:12:\n");

  @Test
  void theFirstOfANameCounts() {
    assertThat(ACCOUNTS.uid("mail")).isEqualTo(8);
    assertThat(ACCOUNTS.gid("mail")).isEqualTo(12);
  }

  @Test
  void rootIsRoot() {
    assertThat(ACCOUNTS.uid("root")).isZero();
    assertThat(ACCOUNTS.gid("root")).isZero();
    assertThat(Accounts.ROOT_ONLY.hasUser("root")).isTrue();
  }

  @Test
  void unknownNamesAreRootAndKnownToBeUnknown() {
    for (String name : new String[] {"nobody", "huge", "negative", "broken", ""}) {
      assertThat(ACCOUNTS.hasUser(name)).isFalse();
      assertThat(ACCOUNTS.uid(name)).isZero();
    }
    assertThat(ACCOUNTS.hasGroup("huge")).isFalse();
  }
}
