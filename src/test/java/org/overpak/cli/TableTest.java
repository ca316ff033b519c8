package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final List<String> HEAD = List.of("NAME", "NEEDS");
  private static final List<List<String>> ROWS =
      List.of(List.of("one", "nothing"), List.of("another", "one, two, three, four, five, six"));

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(Table.lines(HEAD, ROWS))
        .containsExactly(
            "  NAME     NEEDS",
            "  one      nothing",
            "  another  one, two, three, four, five, six");
    assertThat(Table.lines(HEAD, ROWS, Integer.MAX_VALUE)).isEqualTo(Table.lines(HEAD, ROWS));
  }

  @Test
  void theLastColumnGoesOnBelowItself() {
    assertThat(Table.lines(HEAD, ROWS, 36))
        .containsExactly(
            "  NAME     NEEDS",
            "  one      nothing",
            "  another  one, two, three, four,",
            "           five, six");
  }

  @Test
  void whatHasNoRoomThereHasLinesOfItsOwn() {
    assertThat(Table.lines(HEAD, ROWS, 30))
        .containsExactly(
            "  NAME     NEEDS",
            "  one      nothing",
            "  another",
            "      one, two, three, four,",
            "      five, six");
    String path = "/usr/lib/a-path-that-nobody-can-break";
    assertThat(Table.lines(HEAD, List.of(List.of("file", path)), 45))
        .containsExactly("  NAME  NEEDS", "  file  " + path);
    assertThat(Table.lines(HEAD, List.of(List.of("file", path)), 40))
        .containsExactly("  NAME  NEEDS", "  file", "      " + path);
  }
}
