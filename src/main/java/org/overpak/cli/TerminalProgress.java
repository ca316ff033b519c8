package org.overpak.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.overpak.Progress;

/// Shows on a terminal what takes longer than a second: a line for each step under way, redrawn in
/// place and gone when the step is over. Drawn with the three control sequences that every terminal
/// since the VT100 knows, so no library is needed.
final class TerminalProgress implements Progress {
  /// What ends sooner is not worth a look.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration REDRAW = Duration.ofMillis(100);

  /// Parallel steps beyond these are counted, not shown: the screen may be small.
  private static final int MOST_LINES = 4;

  private static final String ERASE_TO_END_OF_SCREEN = "\r\033[J";

  private final Console console;
  private final int width;
  private final LongSupplier nanoTime;
  private final List<Running> steps = new ArrayList<>();
  private boolean visible;

  /// @param nanoTime the clock
  TerminalProgress(Console console, LongSupplier nanoTime) {
    this.console = console;
    this.width = console.width();
    this.nanoTime = nanoTime;
  }

  /// Draws on CONSOLE, until the process ends.
  static TerminalProgress on(Console console) {
    var progress = new TerminalProgress(console, System::nanoTime);
    Thread.ofPlatform().daemon().name("progress").start(progress::drawForever);
    return progress;
  }

  private void drawForever() {
    try {
      while (true) {
        Thread.sleep(REDRAW);
        draw();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized Step begin(String name, long total) {
    var step = new Running(name, total, nanoTime.getAsLong());
    steps.add(step);
    return step;
  }

  private synchronized void end(Running step) {
    steps.remove(step);
    if (visible) {
      draw(); // what is printed next must not meet our lines
    }
  }

  /// Draws the lines anew. The cursor rests at the start of the first, so that an error message, or
  /// whatever else somebody prints, overwrites them.
  synchronized void draw() {
    long now = nanoTime.getAsLong();
    List<Running> old =
        steps.stream().filter(step -> now - step.began >= PATIENCE.toNanos()).toList();
    if (old.isEmpty() && !visible) {
      return;
    }
    List<String> lines =
        old.stream()
            .limit(MOST_LINES)
            .map(step -> step.line(now, width))
            .collect(Collectors.toList());
    if (old.size() > MOST_LINES) {
      lines.add("and " + (old.size() - MOST_LINES) + " more");
    }
    visible = !lines.isEmpty();
    var out = new StringBuilder(ERASE_TO_END_OF_SCREEN).append(String.join("\n", lines));
    if (lines.size() > 1) {
      out.append("\033[").append(lines.size() - 1).append('A');
    }
    out.append('\r');
    console.err().print(out);
    console.err().flush();
  }

  private final class Running implements Step {
    private final String name;
    private final long total;
    private final long began;
    private long done;

    Running(String name, long total, long began) {
      this.name = name;
      this.total = total;
      this.began = began;
    }

    @Override
    public void advance(long amount) {
      synchronized (TerminalProgress.this) {
        done += amount;
      }
    }

    @Override
    public void close() {
      end(this);
    }

    /// Name, bytes of total, percentage, time since it began. The name gives way on a narrow
    /// screen.
    private String line(long now, int width) {
      long seconds = (now - began) / 1_000_000_000;
      var figures = new StringBuilder();
      if (done > 0) {
        figures.append("  ").append(Size.text(done));
      }
      if (total > 0) {
        long shown = Math.clamp(done, 0, total);
        figures.append(done > 0 ? " of " : "  ").append(Size.text(total));
        figures.append("  ").append((int) (shown * 100.0 / total)).append(" %");
      }
      figures.append("  %d:%02d".formatted(seconds / 60, seconds % 60));
      // the last column stays free: some terminals wrap as soon as it is written
      int room = Math.max(8, width - 1 - figures.length());
      return shorten(name, room) + figures;
    }
  }

  private static String shorten(String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
