package org.overpak.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentReaderTest {
  /// Equal by its bytes, as sources are.
  private record Source(String text) implements Content.Source {
    @Override
    public InputStream open() {
      return new ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Test
  void putsContentsInAnOrderThatReadsEachSourceOnce() {
    Content memory = Content.of("in memory");
    Content b5 = new Content.Slice(new Source("bbbbbbb"), 5, 1);
    Content a3 = new Content.Slice(new Source("aaaaaaa"), 3, 1);
    Content b1 = new Content.Slice(new Source("bbbbbbb"), 1, 1);
    Content a0 = new Content.Slice(new Source("aaaaaaa"), 0, 1);
    assertThat(ContentReader.inOrder(List.of(b5, a3, memory, b1, a0), content -> content))
        .containsExactly(memory, b1, b5, a0, a3);
  }
}
