package org.overpak.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The recorder itself, judging `cat`.
final class JudgeTest {
  private static final JudgeList.Entry CAT = new JudgeList.Entry("cat", "coreutils", "--version");

  @TempDir Path directory;
  private JudgeRecord record = new JudgeRecord(Path.of("unused"));
  private DifferenceRules rules = new DifferenceRules(List.of());

  @BeforeEach
  void writeRules() throws IOException {
    Path file = directory.resolve("differences");
    Files.writeString(
        file,
        """
        # why
        judge:   cat
        subject: root of .*
        differs: etc/motd: .*
        because: nobody reads it
        """);
    rules = DifferenceRules.read(file);
    record = new JudgeRecord(directory.resolve("target/record"));
  }

  private Judge cat() {
    return new Judge(CAT, rules, record);
  }

  private JudgeTable table() {
    return JudgeTable.of(new JudgeList(List.of(CAT)), rules, record.read());
  }

  @Test
  void aJudgeThatWasHeardPasses() throws IOException {
    Judge cat = cat();
    Path input = Files.writeString(directory.resolve("input"), "hello");
    assertThat(cat.run(cat.command("-").reading(input)).text()).isEqualTo("hello");
    cat.compare(
        "root of hello", Map.of("etc/motd", "x", "bin", "d"), Map.of("etc/motd", "y", "bin", "d"));
    cat.rejects("a file that is not there", "nowhere");
    assertThat(table().problems()).isEmpty();
    assertThat(table().text())
        .containsPattern("cat +cat \\(GNU coreutils\\).* 2 +2 +1 +1\n")
        .contains("allowed 1 times: cat, root of .*: etc/motd: .* (nobody reads it)");
  }

  @Test
  void aSilentJudgeAndAnUnusedRuleFailTheRun() {
    assertThat(table().problems())
        .containsExactly(
            "cat was never run",
            "nothing was compared with cat",
            "cat rejected no negative control",
            "testing/differences:2: the rule matches nothing");
  }

  @Test
  void differencesThatNoRuleAllowsFail() {
    Judge cat = cat();
    assertThatThrownBy(
            () -> cat.compare("root of hello", Map.of("bin", "d", "lib", "d"), Map.of("bin", "l")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("bin: cat says d, Overpak l")
        .hasMessageContaining("lib: only cat has it: d");
    assertThatThrownBy(() -> cat.compare("root of hello", Map.of(), Map.of()))
        .hasMessageContaining("nothing is compared");
  }

  @Test
  void aNegativeControlThatIsAcceptedFails() {
    Judge cat = cat();
    assertThatThrownBy(() -> cat.rejects("nothing at all", "/dev/null"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("cat accepts nothing at all");
    assertThatThrownBy(
            () ->
                cat.distinguishes(
                    "an equal pair", "root of x", Map.of("etc/motd", "x"), Map.of("etc/motd", "y")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not see an equal pair");
  }

  @Test
  void aMissingProgramIsAFailureThatNamesItsPackage() {
    var entry = new JudgeList.Entry("no-such-judge", "its-package", "--version");
    assertThatThrownBy(() -> new Judge(entry, rules, record))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("apt-get install --no-install-recommends its-package");
    assertThatThrownBy(() -> Judge.of("cat")).hasMessageContaining("testing/judges");
  }

  @Test
  void failuresShowAllOutput() {
    assertThatThrownBy(() -> Command.of("sh", "-c", "echo out; echo err >&2; exit 3").run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("exit code 3 instead of 0")
        .hasMessageContaining("out\nerr\n");
  }

  @Test
  void aChildThatHoldsTheOutputDoesNotHang() {
    var started = System.nanoTime();
    assertThat(Command.of("sh", "-c", "sleep 60 & echo done").run().text()).isEqualTo("done\n");
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void whatDoesNotEndIsKilled() {
    assertThatThrownBy(
            () ->
                Command.of("sh", "-c", "echo so far; sleep 60")
                    .within(Duration.ofMillis(500))
                    .run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("so far");
  }
}
