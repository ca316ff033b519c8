package org.overpak.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.testing.Command;
import org.overpak.testing.Project;
import org.overpak.tree.Content;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeText;

/// What commands see and change, as root and as an ordinary user. The root is the test
/// distribution's: its programs, run in it, say what is there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SandboxIT {
  private static final String USER = "overpak-sandboxed";

  @TempDir static Path directory;
  private Path rootDirectory;
  private MaterializedRoot root;

  @BeforeAll
  void prepare() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    // A copy: the original may lie where only we may go, as may the classes.
    rootDirectory = directory.resolve("root");
    Command.of("cp", "-a", Project.distro().resolve("root").toString(), rootDirectory.toString())
        .run();
    // What takes long to copy and is not run.
    for (String large : List.of("usr/lib/python3", "usr/lib/python3.11", "usr/share/locale")) {
      Command.of("rm", "-rf", rootDirectory.resolve(large).toString()).run();
    }
    Path classes = Files.createDirectory(directory.resolve("classes"));
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Command.of("cp", "-r", entry, classes.resolve(Integer.toString(entry.hashCode())).toString())
          .run();
    }
    Command.of("chmod", "-R", "go+rX", directory.toString()).run();
    Command.of("useradd", "--system", "--add-subids-for-system", "--no-create-home", USER).run();
    Command.of("chown", USER, Files.createDirectory(directory.resolve("user")).toString()).run();
    root = new SandboxScenario(rootDirectory, directory).root();
  }

  @AfterAll
  void removeUser() {
    Command.of("userdel", USER).run();
    Command.of("find", directory.toString(), "-mindepth", "1", "-delete").run();
  }

  private Sandbox sandbox() {
    return Sandbox.over(root, directory, Sandbox.Options.DEFAULT);
  }

  private String run(String script) {
    try (var sandbox = sandbox()) {
      return run(sandbox, script);
    }
  }

  private static String run(Sandbox sandbox, String script) {
    Completed completed = sandbox.run(SandboxCommand.of("sh", "-ec", script));
    assertThat(completed.exitCode()).as(completed.output()).isZero();
    return completed.output();
  }

  private Command scenario(String... arguments) throws IOException {
    List<String> classPath;
    try (Stream<Path> entries = Files.list(directory.resolve("classes"))) {
      classPath = entries.map(Path::toString).sorted().toList();
    }
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    return Command.of(
            Stream.concat(
                    Stream.of(
                        java,
                        "-cp",
                        String.join(":", classPath),
                        "org.overpak.sandbox.SandboxScenario"),
                    Stream.of(arguments))
                .toList())
        .within(Duration.ofMinutes(5));
  }

  private String asUser(boolean overlay, boolean subordinate) throws IOException {
    Command command =
        scenario(
            rootDirectory.toString(),
            directory.resolve("user").toString(),
            Boolean.toString(overlay),
            Boolean.toString(subordinate));
    return Command.of(
            Stream.concat(Stream.of("runuser", "-u", USER, "--"), command.line().stream()).toList())
        .within(Duration.ofMinutes(5))
        .run()
        .text();
  }

  @Test
  void changesAreTheSameForEverybodyAndEveryMechanism() throws IOException {
    var scenario = new SandboxScenario(rootDirectory, directory);
    String asRoot = scenario.run(Sandbox.Options.DEFAULT);
    assertThat(asRoot)
        .startsWith("0 \n0 \nremoved ")
        .contains("/app/directory/old, /app/gone, /app/link")
        .contains("0644 0:0 /app/changed (linked) after")
        .contains("4711 0:0 /app/mode z")
        .contains("0644 5:6 /app/owner o")
        .contains("0000 0:0 /app/secret/file secret")
        .contains("0700 0:0 /usr/bin directory")
        .doesNotContain("untouched", "touched", "größe", "hard", "/tmp", "/dev");
    assertThat(scenario.run(new Sandbox.Options(false, true))).isEqualTo(asRoot);
    assertThat(asUser(true, true)).isEqualTo(asRoot);
    assertThat(asUser(false, true)).isEqualTo(asRoot);
    assertThat(asUser(true, false))
        .isEqualTo(
            asRoot
                .replace(
                    "0 \n0 \n",
                    "0 \n1 chown: changing ownership of '/app/owner': Invalid argument\n")
                .replace("0644 5:6 /app/owner o\n", ""));
    // Nothing is left but what is kept on purpose.
    try (Stream<Path> left = Files.list(directory.resolve("user"))) {
      assertThat(left).containsExactly(directory.resolve("user/roots"));
    }
  }

  @Test
  void changesMakeTheTreeThatTheSandboxHad() throws IOException {
    try (var sandbox = sandbox()) {
      sandbox.add(SandboxScenario.added());
      String listing = "cd /app; find . -type f -o -type l | sort; cat changed";
      run(sandbox, "cd /app; rm gone; echo new > changed; mkdir d; mv link d");
      String inside = run(sandbox, listing);
      FileTree app =
          sandbox
              .changes()
              .applyTo(SandboxScenario.added())
              .subtree(new org.overpak.tree.TreePath("app"));
      var outside = new StringBuilder();
      app.entries().keySet().stream()
          .filter(
              path -> !(app.get(path).orElseThrow() instanceof org.overpak.tree.Entry.Directory))
          .forEach(path -> outside.append('.').append(path).append('\n'));
      assertThat(outside + "new\n").isEqualTo(inside);
    }
  }

  @Test
  void whatIsMountedIsReadAndNotChanged() throws IOException {
    Path file = Files.writeString(directory.resolve("mounted"), "mounted\n");
    try (var sandbox = sandbox()) {
      Completed completed =
          sandbox.run(
              SandboxCommand.of("sh", "-c", "cat /run/there/file; echo x > /run/there/file")
                  .withMount("/run/there/file", file));
      assertThat(completed.output()).startsWith("mounted\n").contains("Read-only file system");
      assertThat(completed.succeeded()).isFalse();
      assertThat(sandbox.changes().isEmpty()).isTrue();
    }
    assertThat(file).hasContent("mounted");
  }

  @Test
  void nothingOfTheMachineIsSeen() throws IOException {
    Files.writeString(directory.resolve("secret"), "secret");
    assertThat(run("id -u; hostname; cat /proc/1/comm; ls -A /tmp /run; wc -c < /dev/stdin"))
        .isEqualTo("0\nlocalhost\nbwrap\n/run:\n\n/tmp:\n0\n");
    assertThat(run("cat " + directory.resolve("secret") + " 2>&1 || true"))
        .contains("No such file");
    assertThat(run("env -u PWD -u SHLVL -u _ | sort"))
        .isEqualTo(
            """
            HOME=/root
            LC_ALL=C.UTF-8
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            """);
    assertThat(run("ls /proc | grep -c '^[0-9]'").strip()).matches("[1-6]");
    assertThat(run("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '")).isEqualTo("lo\n");
    assertThat(run("grep -c . /proc/net/route").strip()).isEqualTo("1");
    assertThat(run("ls -m /dev").replace("\n", " ").strip())
        .isEqualTo(
            "core, fd, full, null, ptmx, pts, random, shm, stderr, stdin, stdout, tty, urandom,"
                + " zero");
    assertThat(run("mount -t tmpfs none /mnt 2>&1 || echo refused")).endsWith("refused\n");
    assertThat(run("mknod /tmp/disk b 8 0 2>&1 && cat /tmp/disk 2>&1 || echo refused"))
        .endsWith("refused\n");
  }

  /// User 0 of the sandbox is the machine's where this test runs as root, and owns more than the
  /// sandbox's files: without protection each of these succeeds.
  @Test
  void nothingOfTheMachineIsChanged() {
    for (String change :
        List.of(
            "chmod 0666 /dev/null",
            "touch /dev/urandom",
            "cd /proc/sys/kernel; v=$(cat printk_ratelimit); echo $v > printk_ratelimit",
            "unshare -Ur true")) {
      assertThat(run("(" + change + ") 2>&1 || echo refused"))
          .as(change)
          .endsWith("Read-only file system\nrefused\n");
    }
    // What must work all the same.
    assertThat(run("echo gone > /dev/null; head -c3 /dev/zero | wc -c; echo out > /dev/stdout"))
        .isEqualTo("3\nout\n");
  }

  /// Capabilities of files are not read back, so CAP_SETFCAP is not among these: setcap fails.
  @Test
  void commandsHaveTheCapabilitiesThatInstallingTakes() {
    assertThat(run("grep CapEff /proc/self/status")).isEqualTo("CapEff:\t00000000080400fb\n");
  }

  @Test
  void commandsGetTheirInputFilesVariablesAndDirectory() {
    try (var sandbox = sandbox()) {
      Completed completed =
          sandbox.run(
              SandboxCommand.of("sh", SandboxCommand.FILES + "/script", "argument")
                  .withFile("script", Content.of("cat; echo $1 $VARIABLE $PWD; exit 3"))
                  .withInput(Content.of("input\n"))
                  .with("VARIABLE", "value")
                  .in("/usr"));
      assertThat(completed).isEqualTo(new Completed(3, "input\nargument value /usr\n"));
      assertThat(sandbox.run(SandboxCommand.of("sh", "-c", "kill -9 $$")).exitCode())
          .isEqualTo(137);
      assertThat(sandbox.changes().isEmpty()).isTrue();
    }
  }

  @Test
  void muchOutputDoesNotBlock() {
    assertThat(run("yes | head -c 40000000; echo end"))
        .endsWith("y\nend\n")
        .hasSizeLessThan(34 << 20);
  }

  @Test
  void whatTakesTooLongIsKilledWithItsChildren() {
    String marker = "31" + ProcessHandle.current().pid();
    try (var sandbox = sandbox()) {
      var command =
          SandboxCommand.of("sh", "-c", "setsid sleep " + marker + " & sleep " + marker)
              .within(Duration.ofSeconds(1));
      assertThatThrownBy(() -> sandbox.run(command))
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("within 1 seconds")
          .extracting(e -> ((OverpakException) e).exitCode())
          .isEqualTo(ExitCode.SANDBOX);
    }
    assertNothingRuns(marker);
  }

  @Test
  void interruptionKillsTheCommand() throws InterruptedException {
    String marker = "32" + ProcessHandle.current().pid();
    var failure = new java.util.concurrent.atomic.AtomicReference<Throwable>();
    var thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (var sandbox = sandbox()) {
                    sandbox.run(SandboxCommand.of("sleep", marker));
                  } catch (OverpakException e) {
                    failure.set(e);
                  }
                });
    while (processes(marker) == 0) {
      Thread.sleep(20);
    }
    thread.interrupt();
    thread.join();
    assertThat(failure.get())
        .isInstanceOf(OverpakException.class)
        .extracting(e -> ((OverpakException) e).exitCode())
        .isEqualTo(ExitCode.INTERRUPTED);
    assertNothingRuns(marker);
  }

  private static long processes(String marker) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains("sleep " + marker))
        .count();
  }

  private static void assertNothingRuns(String marker) {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (processes(marker) > 0 && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    assertThat(processes(marker)).isZero();
  }

  @Test
  void packagesAreNotWrittenThroughLinksThatCommandsLeft() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    try (var sandbox = sandbox()) {
      run(sandbox, "mkdir -p /app; ln -s " + outside + " /app/lib");
      assertThatThrownBy(() -> sandbox.add(TreeText.parse("f 0644 app/lib/evil evil")))
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("app/lib");
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void whatACommandRemovedCanBeInstalledAgain() {
    try (var sandbox = sandbox()) {
      run(sandbox, "rm -r /usr/share/doc; rm /etc/passwd");
      sandbox.add(TreeText.parse("f 0644 usr/share/doc/new new\nf 0600 etc/passwd other"));
      assertThat(run(sandbox, "ls /usr/share/doc; cat /etc/passwd")).isEqualTo("new\nother");
      Changes changes = sandbox.changes();
      assertThat(changes.changed().isEmpty()).isTrue();
      assertThat(changes.removed())
          .allMatch(path -> path.toString().startsWith("/usr/share/doc/"))
          .isNotEmpty();
    }
  }

  @Test
  void aRootThatWasTouchedIsWrittenAgain() throws IOException {
    Path cache = directory.resolve("cache");
    FileTree tree = TreeText.parse("f 0644 etc/hosts localhost\nl lib -> usr/lib");
    Digest digest = Digest.sha256(new byte[] {1});
    Path file =
        MaterializedRoot.of(tree, digest, cache, Progress.SILENT).directory().resolve("etc/hosts");
    Object written = Files.getAttribute(file, "unix:ino");
    MaterializedRoot.of(tree, digest, cache, Progress.SILENT);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(written);
    var modified = Files.getLastModifiedTime(file);
    Files.writeString(file, "LOCALHOST");
    Files.setLastModifiedTime(file, modified);
    MaterializedRoot.of(tree, digest, cache, Progress.SILENT);
    assertThat(file).hasContent("localhost");
    Files.writeString(file.resolveSibling("more"), "more");
    MaterializedRoot.of(tree, digest, cache, Progress.SILENT);
    assertThat(file.resolveSibling("more")).doesNotExist();
    assertThat(names(cache)).containsExactly(digest.hex(), digest.hex() + ".lock");
  }

  @Test
  void buildsThatNeedARootAtOnceWriteItOnce() throws IOException {
    Path cache = directory.resolve("shared");
    FileTree tree = TreeText.parse("f 0644 etc/hosts localhost\nf 0644 usr/lib/os-release x");
    Digest digest = Digest.sha256(new byte[] {2});
    // What a killed build left: neither is trusted.
    Files.createDirectories(cache.resolve(digest.hex()).resolve("root/etc"));
    Files.createDirectories(cache.resolve(digest.hex() + ".partial/root/left"));
    AtomicLong written = new AtomicLong();
    Progress counting = (_, _) -> written::addAndGet;
    List<MaterializedRoot> roots =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(_ -> MaterializedRoot.of(tree, digest, cache, counting))
            .toList();
    assertThat(roots)
        .allSatisfy(one -> assertThat(one.directory().resolve("etc/hosts")).hasContent("localhost"))
        .allSatisfy(one -> assertThat(one.directory().resolve("left")).doesNotExist());
    assertThat(written).hasValue("localhost".length() + 1);
    assertThat(names(cache)).containsExactly(digest.hex(), digest.hex() + ".lock");
  }

  private static List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void withoutBubblewrapItSaysWhatStillWorks() throws IOException {
    Command command = scenario(rootDirectory.toString(), directory.toString(), "true", "true");
    Command.Result result = command.with("PATH", "/nowhere").expecting(1).run();
    assertThat(result.errorText()).contains("there is no program unshare (util-linux)");
  }
}
