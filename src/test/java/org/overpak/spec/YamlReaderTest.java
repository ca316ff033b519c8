package org.overpak.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.OverpakException;

class YamlReaderTest {
  private static void read(byte[] bytes) {
    var problems = new SpecProblems();
    YamlReader.read("spec", bytes, problems);
    problems.throwIfAny();
  }

  private static void read(String text) {
    read(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: \"b\\nc: d\\n             | spec:3:1: not YAML: found unexpected end of stream",
        "a:\\n\\tb: c\\n              | spec:2:1: not YAML: found character '\\t(TAB)'",
        "a: b\\nc: d\\na: e\\n        | spec:3:1: duplicate key 'a'",
        "a: {b: 1, 'b': 2}\\n         | spec:1:11: duplicate key 'b'",
        "a: b\\n---\\nc: d\\n         | spec:2:1: a second YAML document",
        "a: !!python/object:os b\\n   | spec:1:4: the tag 'tag:yaml.org,2002:python/object:os' is",
        "!x a: b\\n                   | spec:1:1: the tag '!x' is not allowed",
        "? [a, b]\\n: c\\n            | spec:1:3: a key must be a word, not a list",
        "a: *b\\n                     | spec:1:4: no anchor '&b' before this alias",
        "a: &a [*a]\\n                | spec:1:8: no anchor '&a' before this alias",
      })
  void saysWhereTheDocumentIsWrong(String text, String message) {
    String document = text.translateEscapes();
    assertThatThrownBy(() -> read(document))
        .isInstanceOf(OverpakException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void refusesAliasesThatExplode() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      text.append("a%d: &a%d [".formatted(i, i))
          .append(("*a" + (i - 1) + ", ").repeat(10))
          .append("]\n");
    }
    assertThatThrownBy(() -> read(text.toString())).hasMessageContaining("aliases expand to more");
  }

  @Test
  void refusesDeepNesting() {
    assertThatThrownBy(() -> read("[".repeat(100_000))).hasMessageContaining("nested deeper");
  }

  @Test
  void refusesWhatIsTooLarge() {
    assertThatThrownBy(() -> read(new byte[YamlReader.LARGEST + 1]))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("more than the 1048576 of any spec");
  }

  @Test
  void refusesWhatIsNoText() {
    assertThatThrownBy(() -> read(new byte[] {'a', ':', ' ', (byte) 0xff}))
        .hasMessage("spec: is not UTF-8 text");
    assertThatThrownBy(() -> read("a: \u0000\n")).hasMessageContaining("U+0000 at offset 3");
  }

  @Test
  void readsNothingFromAnEmptyDocument() {
    for (String empty : new String[] {"", "\n", "# only a comment\n", "\uFEFF"}) {
      assertThat(
              YamlReader.read("spec", empty.getBytes(StandardCharsets.UTF_8), new SpecProblems()))
          .isEmpty();
    }
  }
}
