package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.testing.Command;
import org.overpak.testing.Project;

final class InterruptionIT {
  private static final Path DISTRIBUTION = Project.directory().resolve("target/overpak");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  @Timeout(60)
  void theWorkCleansUpAndNoTraceIsShown(String signal, int exitCode) throws Exception {
    Path file = directory.resolve("half-done");
    // a process in the background of a shell would be born deaf to SIGINT
    Process process = start("env", "--default-signal=" + signal, launcher(), file);
    while (!Files.exists(file)) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(20);
    }
    Command.of("kill", "-" + signal, String.valueOf(process.pid())).run();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("overpak: interrupted\n");
    assertThat(process.exitValue()).isEqualTo(exitCode);
    assertThat(file).doesNotExist();
  }

  private static String launcher() {
    return DISTRIBUTION.resolve("bin/overpak").toString();
  }

  private static Process start(String env, String signal, String program, Path file)
      throws IOException {
    var builder = new ProcessBuilder(env, signal, program);
    builder
        .environment()
        .put(
            "OVERPAK_JAVA_OPTIONS",
            "-cp %s:%s %s %s"
                .formatted(
                    DISTRIBUTION.resolve("lib/overpak.jar"),
                    Project.directory().resolve("target/test-classes"),
                    UnfinishedWork.class.getName(),
                    file));
    return builder.start();
  }
}
