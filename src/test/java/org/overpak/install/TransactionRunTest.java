package org.overpak.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.HeaderBuilder;
import org.overpak.rpm.PackageBuilder;
import org.overpak.rpm.PackageFile;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.Tag;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeText;

/// How the steps of a transaction become commands, and what becomes of those that fail.
class TransactionRunTest {
  private static final FileTree FILES = TreeText.parse("f 0644 app/file content");
  private static final int EXPAND = 1;
  private static final int QUERY_FORMAT = 2;

  @TempDir private Path directory;

  private final List<String> done = new ArrayList<>();
  private final List<SandboxCommand> commands = new ArrayList<>();

  private PackageHeader header(String name, Consumer<HeaderBuilder> tags) throws IOException {
    var builder = new PackageBuilder(name);
    tags.accept(builder.header());
    Path file = builder.trailer().write(Files.createTempDirectory(directory, "package"));
    return PackageFile.open(file).header();
  }

  private List<String> run(PackageHeader header, TransactionRun.Failures failures, Completed end) {
    var run =
        new TransactionRun(
            tree -> done.add("unpack " + tree.entries().keySet()),
            accounts -> done.add("accounts " + accounts.isEmpty()),
            command -> {
              done.add(String.join(" ", command.arguments()));
              commands.add(command);
              return end;
            },
            RpmProgram.INSTALLED,
            failures,
            86400,
            Progress.SILENT);
    return run.run(Transaction.of(List.of(), List.of(header)), Map.of(header.nevra(), FILES));
  }

  private List<String> run(PackageHeader header) {
    return run(header, TransactionRun.Failures.STRICT, new Completed(0, ""));
  }

  private String file(SandboxCommand command, String name) throws IOException {
    return new String(
        Objects.requireNonNull(command.files().get(name)).readAll(), StandardCharsets.UTF_8);
  }

  @Test
  void scriptsRunBeforeAndAfterTheFilesAreThere() throws IOException {
    run(
        header(
            "a",
            tags ->
                tags.string(Tag.PREIN, "echo pre")
                    .string(Tag.PREINPROG, "/bin/sh")
                    .strings(Tag.POSTINPROG, "/bin/bash", "-e")
                    .string(Tag.POSTIN, "echo post")
                    .string(Tag.POSTTRANSPROG, "/sbin/ldconfig")
                    .strings(Tag.PREFIXES, "/opt/a", "/app")));
    assertThat(done)
        .containsExactly(
            "/bin/sh /run/overpak/script 1",
            "unpack [/app/file]",
            "/bin/bash -e /run/overpak/script 1",
            "/sbin/ldconfig");
    SandboxCommand pre = commands.getFirst();
    assertThat(file(pre, "script")).isEqualTo("echo pre");
    assertThat(pre.directory()).isEqualTo("/");
    assertThat(pre.environment())
        .containsEntry("PATH", "/sbin:/bin:/usr/sbin:/usr/bin:/usr/X11R6/bin")
        .containsEntry("SOURCE_DATE_EPOCH", "86400")
        .containsEntry("RPM_INSTALL_PREFIX", "/opt/a")
        .containsEntry("RPM_INSTALL_PREFIX1", "/app");
    assertThat(commands.getLast().files()).isEmpty();
  }

  @Test
  void luaRunsInTheRootsRpm() throws IOException {
    PackageHeader lua =
        header("a", tags -> tags.string(Tag.POSTIN, "print(1)").string(Tag.POSTINPROG, "<lua>"));
    run(lua);
    SandboxCommand command = commands.getFirst();
    assertThat(command.arguments())
        .containsExactly("rpm", "--eval", "%{lua:dofile(\"/run/overpak/run.lua\")}");
    assertThat(file(command, "script")).isEqualTo("print(1)");
    assertThat(file(command, "run.lua"))
        .contains("io.open(\"/run/overpak/script\")", "{\"<lua>\", 1}", "\"%post(a-1-2.noarch)\"");

    Transaction transaction = Transaction.of(List.of(), List.of(lua));
    assertThatThrownBy(() -> TransactionRun.requireInterpreters(transaction, FileTree.EMPTY))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("%post(a-1-2.noarch) is in Lua");
    TransactionRun.requireInterpreters(transaction, TreeText.parse("f 0755 usr/bin/rpm x"));
  }

  @Test
  void macrosAreExpandedByTheRootsRpmAndQueryFormatsAreRefused() throws IOException {
    run(header("a", tags -> tags.string(Tag.POSTIN, "echo").int32(Tag.POSTINFLAGS, EXPAND)));
    assertThat(commands.getFirst().arguments())
        .startsWith("/bin/sh", "-c")
        .endsWith("sh", "/bin/sh", "/tmp/rpm-tmp.script", "1");
    PackageHeader formatted =
        header("a", tags -> tags.string(Tag.POSTIN, "x").int32(Tag.POSTINFLAGS, QUERY_FORMAT));
    assertThatThrownBy(() -> run(formatted))
        .hasMessageContaining("%post(a-1-2.noarch) is a query format");
  }

  @Test
  void failuresEndItOrAreWarnings() throws IOException {
    PackageHeader post = header("a", tags -> tags.string(Tag.POSTIN, "x"));
    PackageHeader pre = header("a", tags -> tags.string(Tag.PREIN, "x"));
    var end = new Completed(137, "one\n\033[31mtwo\n");
    assertThatThrownBy(() -> run(post, TransactionRun.Failures.STRICT, end))
        .hasMessage("%post(a-1-2.noarch) failed with exit code 137; it said:\n  one\n  ?[31mtwo");
    assertThat(run(post, TransactionRun.Failures.LENIENT, end)).hasSize(1);
    assertThatThrownBy(() -> run(pre, TransactionRun.Failures.LENIENT, new Completed(1, "")))
        .hasMessage("%pre(a-1-2.noarch) failed with exit code 1, and said nothing");
  }

  @Test
  void onlyTheEndOfLongOutputIsShown() throws IOException {
    PackageHeader post = header("a", tags -> tags.string(Tag.POSTIN, "x"));
    var end = new Completed(1, "line\n".repeat(99) + "last\n");
    assertThatThrownBy(() -> run(post, TransactionRun.Failures.STRICT, end))
        .hasMessageContaining("… (80 lines before)")
        .hasMessageEndingWith("last");
  }

  @Test
  void aChownWithoutOtherUsersIsSaidToNeedThem() throws IOException {
    PackageHeader post = header("a", tags -> tags.string(Tag.POSTIN, "x"));
    var end = new Completed(1, "chown: changing ownership of '/app/f': Invalid argument\n");
    assertThatThrownBy(() -> run(post, TransactionRun.Failures.STRICT, end))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.advice()).contains("/etc/subuid"));
  }
}
