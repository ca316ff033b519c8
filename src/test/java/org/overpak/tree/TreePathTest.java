package org.overpak.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreePathTest {
  @ParameterizedTest
  @ValueSource(strings = {"..", "../a", "a/../b", "a/..", "a//b", "a/./b", "a\0b", "./../a", "/.."})
  void refusesNamesThatLeaveTheTree(String name) {
    assertThatThrownBy(() -> TreePath.parse(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void dropsWhatArchivesPutAround() {
    assertThat(TreePath.parse("./usr/bin/")).isEqualTo(new TreePath("usr/bin"));
    assertThat(TreePath.parse("/usr/bin")).isEqualTo(new TreePath("usr/bin"));
    assertThat(TreePath.parse(".././".substring(2))).isEqualTo(TreePath.ROOT);
    assertThat(TreePath.parse("..a/b..")).isEqualTo(new TreePath("..a/b.."));
  }

  @Test
  void refusesNamesThatAreTooLongOrNotText() {
    assertThat(TreePath.parse("é".repeat(127)).name()).hasSize(127);
    assertThatThrownBy(() -> TreePath.parse("é".repeat(128))).hasMessageContaining("255 bytes");
    assertThatThrownBy(() -> TreePath.parse(new byte[] {'a', (byte) 0xff}))
        .hasMessageContaining("UTF-8");
  }

  @Test
  void ordersAsBytesDo() {
    var random = new Random(7);
    int[] alphabet = {'a', 'b', '-', '/', '0', 0xe9, 0xffff, 0xe000, 0x1f600, 0xd7ff};
    List<String> names =
        random
            .ints(3000, 1, 6)
            .mapToObj(
                length ->
                    random
                        .ints(length, 0, alphabet.length)
                        .map(i -> alphabet[i])
                        .collect(
                            StringBuilder::new,
                            StringBuilder::appendCodePoint,
                            StringBuilder::append)
                        .toString())
            .toList();
    for (int i = 1; i < names.size(); i++) {
      String a = names.get(i - 1);
      String b = names.get(i);
      int expected =
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
      assertThat(Integer.signum(TreePath.compare(a, b)))
          .as("%s <> %s", a, b)
          .isEqualTo(Integer.signum(expected));
    }
  }

  @Test
  void movesBetweenDirectories() {
    assertThat(new TreePath("usr/share/x").move(new TreePath("usr"), new TreePath("files")))
        .isEqualTo(new TreePath("files/share/x"));
    assertThat(new TreePath("usr").move(new TreePath("usr"), TreePath.ROOT))
        .isEqualTo(TreePath.ROOT);
    assertThatThrownBy(() -> new TreePath("usrx/a").relativeTo(new TreePath("usr")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
