package org.overpak.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShellWordsTest {
  @Test
  void commentsEndWordsAndLines() {
    var words = ShellWords.split("a#b c\n#d\n e '#f' \\#g");
    assertThat(words.words()).containsExactly("a", "e", "#f", "#g");
    assertThat(words.cutByComment()).containsExactly("a");
  }

  @Test
  void quotesMayHoldNothingOrStandInsideAWord() {
    assertThat(ShellWords.split("'' \"\" a'b c'd\"e\"").words()).containsExactly("", "", "ab cde");
  }

  @Test
  void whatIsNotClosedIsRefused() {
    assertThatThrownBy(() -> ShellWords.split("a 'b")).hasMessageContaining("' is not closed");
    assertThatThrownBy(() -> ShellWords.split("a \"b'")).hasMessageContaining("\" is not closed");
    assertThatThrownBy(() -> ShellWords.split("a\\")).hasMessageContaining("escapes nothing");
  }
}
