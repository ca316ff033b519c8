package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalProgressTest {
  private final StringWriter screen = new StringWriter();
  private long now;
  private final TerminalProgress progress =
      new TerminalProgress(
          new Console(
              new PrintWriter(screen), new PrintWriter(screen), Path.of("/dev/nowhere"), Map.of()),
          () -> now);

  private void pass(Duration time) {
    now += time.toNanos();
    progress.draw();
  }

  /// What was drawn since the last call, control sequences spelled out.
  private String drawn() {
    String text =
        screen.toString().replace("\033[J", "<erase>").replace("\033[", "<up ").replace("\r", "");
    screen.getBuffer().setLength(0);
    return text;
  }

  @Test
  void whatEndsWithinASecondIsNotShown() {
    try (var step = progress.begin("reading", 100)) {
      step.advance(50);
      pass(Duration.ofMillis(900));
    }
    assertThat(drawn()).isEmpty();
  }

  @Test
  void totalsAreReal() {
    try (var step = progress.begin("downloading hello", 45_600_000)) {
      step.advance(12_300_000);
      pass(Duration.ofSeconds(63));
      assertThat(drawn()).isEqualTo("<erase>downloading hello  12.3 MB of 45.6 MB  26 %  1:03");
    }
    assertThat(drawn()).as("the line is gone when the step is over").isEqualTo("<erase>");
  }

  @Test
  void anUnknownTotalShowsWhatIsDone() {
    try (var step = progress.begin("unpacking", 0)) {
      pass(Duration.ofSeconds(1));
      assertThat(drawn()).isEqualTo("<erase>unpacking  0:01");
      step.advance(999);
      pass(Duration.ofSeconds(1));
      assertThat(drawn()).isEqualTo("<erase>unpacking  999 B  0:02");
    }
  }

  @Test
  @SuppressWarnings("MustBeClosedChecker")
  void manyStepsTakeFewLines() {
    for (int i = 0; i < 6; i++) {
      var _ = progress.begin("step " + i, 0);
    }
    pass(Duration.ofSeconds(2));
    assertThat(drawn())
        .isEqualTo(
            "<erase>step 0  0:02\nstep 1  0:02\nstep 2  0:02\nstep 3  0:02\nand 2 more<up 4A");
  }

  @Test
  void aLongNameGivesWay() {
    try (var _ = progress.begin("x".repeat(200), 0)) {
      pass(Duration.ofSeconds(2));
      assertThat(drawn()).isEqualTo("<erase>" + "x".repeat(72) + "…  0:02");
    }
  }
}
