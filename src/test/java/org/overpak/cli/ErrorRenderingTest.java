package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

final class ErrorRenderingTest {
  private final StringWriter err = new StringWriter();

  private ErrorRendering rendering(Map<String, String> environment, boolean terminal) {
    var writer = new PrintWriter(err);
    return new ErrorRendering(
        new Console(writer, writer, terminal ? Path.of("/dev/nowhere") : null, environment),
        () -> false);
  }

  private ErrorRendering rendering() {
    return rendering(Map.of(), false);
  }

  @Test
  void whatPeopleCanMendIsAParagraphAndAnAdvice() {
    var failure =
        new OverpakException(
            ExitCode.SPEC,
            "container.yaml:12: the key 'finish-arg' is not known, and nothing that is known looks"
                + " like what it could mean",
            "Remove it.");
    assertThat(rendering().show(failure)).isEqualTo(ExitCode.SPEC);
    assertThat(err.toString())
        .isEqualTo(
            """
            overpak: container.yaml:12: the key 'finish-arg' is not known, and nothing that
            is known looks like what it could mean
            What to do: Remove it.
            """);
  }

  @Test
  void linesOfATreeKeepTheirIndentation() {
    var failure =
        new OverpakException(
            ExitCode.UNSOLVABLE,
            "cannot add hello\n  hello requires libhello\n    nothing has it",
            "");
    rendering().show(failure);
    assertThat(err.toString())
        .isEqualTo("overpak: cannot add hello\n  hello requires libhello\n    nothing has it\n");
  }

  @Test
  void otherThreadsHideNothing() {
    var failure = new OverpakException(ExitCode.UNTRUSTED, "bad signature", "Get the key.");
    var wrapped = new IllegalStateException("not a wrapper", failure);
    assertThat(rendering().show(new ExecutionException(failure))).isEqualTo(ExitCode.UNTRUSTED);
    assertThat(rendering().show(wrapped)).isEqualTo(ExitCode.BUG);
  }

  @Test
  void anythingElseIsABugAndSaysSo() {
    assertThat(rendering().show(new NullPointerException("seven"))).isEqualTo(ExitCode.BUG);
    assertThat(err.toString())
        .startsWith("overpak: this is a bug in Overpak ")
        .contains("java.lang.NullPointerException: seven\n\tat ")
        .endsWith("What to do: please report it, with these lines and the command that shows it\n");
  }

  static Stream<Arguments> fileSystemFailures() {
    return Stream.of(
        Arguments.of(new NoSuchFileException("/a"), "overpak: /a does not exist\n"),
        Arguments.of(new AccessDeniedException("/a"), "overpak: /a: no permission\n"),
        Arguments.of(
            new FileSystemException("/a", null, "No space left on device"),
            "overpak: /a: No space left on device\nWhat to do: free some space"),
        Arguments.of(
            new IOException("No space left on device"),
            "overpak: No space left on device\nWhat to do: free some space"),
        Arguments.of(
            new FileSystemException("/a", null, "Read-only file system"),
            "overpak: /a: Read-only file system\nWhat to do: name a place"));
  }

  @ParameterizedTest
  @MethodSource("fileSystemFailures")
  void theFileSystemIsNoBug(IOException failure, String text) {
    assertThat(rendering().show(new UncheckedIOException(failure))).isEqualTo(ExitCode.FILESYSTEM);
    assertThat(err.toString()).startsWith(text);
  }

  @Test
  void anIoFailureThatNobodyExplainedIsABug() {
    assertThat(rendering().show(new IOException("eleven"))).isEqualTo(ExitCode.BUG);
  }

  @Test
  void coloursAreForTerminalsThatWantThem() {
    var failure = new OverpakException(ExitCode.SPEC, "wrong", "");
    rendering(Map.of(), true).show(failure);
    assertThat(err.toString()).isEqualTo("\033[1;31moverpak:\033[0m wrong\n");
    err.getBuffer().setLength(0);
    rendering(Map.of("NO_COLOR", "1"), true).show(failure);
    assertThat(err.toString()).isEqualTo("overpak: wrong\n");
  }

  @Test
  void anInterruptedRunShowsNoFailure() {
    var console = new Console(new PrintWriter(err), new PrintWriter(err), null, Map.of());
    var rendering = new ErrorRendering(console, () -> true);
    assertThat(rendering.show(new IllegalStateException("half done")))
        .isEqualTo(ExitCode.INTERRUPTED);
    assertThat(err.toString()).isEmpty();
  }
}
