package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.build.LoopedApp;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Judge;

/// Building, installing and running in a loop, by an ordinary user with the Flatpak of the machine.
class LocalLoopIT {
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final String USER = "overpak-local";
  private static final Pattern TIMES =
      Pattern.compile(
          "([0-9.]+) s in all: built in ([0-9.]+) s, prepared in ([0-9.]+) s, installed by Flatpak in"
              + " ([0-9.]+) s");

  @TempDir Path directory;
  private LoopedApp app;

  @BeforeEach
  void addUser() throws IOException {
    assertThat(System.getProperty("user.name")).as("who may add a user").isEqualTo("root");
    Command.of("useradd", "--system", "--no-create-home", "--shell=/usr/sbin/nologin", USER).run();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Command.of(
            "cp",
            "-a",
            Distribution.directory().toString(),
            directory.resolve("overpak").toString())
        .run();
    app = new LoopedApp(directory);
    Path root = app.root();
    app.publish(1);
    Files.writeString(directory.resolve("runtime.yaml"), LoopedApp.RUNTIME);
    Files.writeString(directory.resolve("app.yaml"), LoopedApp.APP);
    Files.createDirectory(directory.resolve("home"));
    Command.of("chmod", "-R", "go+rX", directory.toString()).run();
    Command.of("chown", USER, directory.resolve("home").toString()).run();
    user("runtime", "import", root.toString(), "--spec=" + directory.resolve("runtime.yaml"))
        .and("--output=oci:" + home("runtime"))
        .run();
  }

  @AfterEach
  void removeUser() {
    Command.of("rm", "-rf", directory.resolve("home").toString()).run();
    Command.of("userdel", USER).run();
  }

  private String home(String name) {
    return directory.resolve("home").resolve(name).toString();
  }

  /// `overpak ARGUMENTS` by the user, who has a session bus as on a desktop; any will do for the
  /// system's.
  private Command user(String... arguments) {
    return userWith("/usr/bin:/bin", arguments);
  }

  private Command userWith(String path, String... arguments) {
    List<String> line = new ArrayList<>();
    Collections.addAll(line, "runuser", "-u", USER, "--", "env", "-i");
    Collections.addAll(line, "PATH=" + path, "HOME=" + home(""), "LANG=C.UTF-8");
    Collections.addAll(line, "dbus-run-session", "--", "sh", "-c");
    Collections.addAll(line, "DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec \"$@\"", "sh");
    line.add(directory.resolve("overpak/bin/overpak").toString());
    Collections.addAll(line, arguments);
    return Command.of(line).in(directory.resolve("home")).within(Duration.ofMinutes(3));
  }

  private String[] buildOf(String... before) {
    return Stream.concat(
            Stream.of(before),
            Stream.of(
                "--runtime=oci:" + home("runtime"),
                "--repo=mine=" + app.repository(),
                "--no-gpgcheck=mine"))
        .toArray(String[]::new);
  }

  private String spec() {
    return directory.resolve("app.yaml").toString();
  }

  private void buildInto(String layout, String... more) {
    user(buildOf("build", spec())).and(more).and("--output=oci:" + home(layout)).run();
  }

  private Path deployed() {
    return Path.of(home(".local/share/flatpak/app/org.example.Looped/x86_64/stable/active"));
  }

  @Test
  void whatIsInstalledIsUpdatedInItsPlace() throws IOException {
    buildInto("app");
    Command.Result refused = user("install", "oci:" + home("app")).expecting(11).run();
    assertThat(refused.errorText()).contains("requires the").contains("overpak install IMAGE");
    FLATPAK.rejected("an app without its runtime");
    user("install", "oci:" + home("runtime")).run();

    assertThat(user("run", "oci:" + home("app"), "--", "one", "two").expecting(7).run().text())
        .isEqualTo("version 1: one two\n");
    String first = deployed().toRealPath().getFileName().toString();
    app.publish(2);
    buildInto("app");
    user("install", "oci:" + home("app")).run();
    assertThat(deployed().toRealPath().getFileName().toString()).isNotEqualTo(first);
    assertThat(flatpak("run", "org.example.Looped", "x").expecting(7).run().text())
        .isEqualTo("version 2: x\n");
    app.publish(1);
    buildInto("app");
    user("install", "oci:" + home("app")).run();
    assertThat(flatpak("run", "org.example.Looped", "x").expecting(7).run().text())
        .isEqualTo("version 1: x\n");
    Path again = deployed().toRealPath();
    user("install", "oci:" + home("app")).run();
    assertThat(deployed().toRealPath()).as("nothing has changed").isEqualTo(again);

    assertThat(flatpak("remotes", "--columns=name").run().text())
        .contains("org.example.Looped-stable-overpak-origin");
    flatpak("uninstall", "-y", "--noninteractive", "org.example.Looped").run();
    assertThat(flatpak("remotes", "--columns=name").run().text()).doesNotContain("Looped");
    FLATPAK.compared(6);
  }

  private Command flatpak(String... arguments) {
    List<String> line = new ArrayList<>(user().line());
    line.removeLast();
    line.add("flatpak");
    line.add(arguments[0]);
    line.add("--user");
    line.addAll(List.of(arguments).subList(1, arguments.length));
    return Command.of(line).in(directory.resolve("home"));
  }

  @Test
  void anAppRunsFromItsSpec() {
    user("install", "oci:" + home("runtime")).run();
    Command run = user(buildOf("run", spec())).and("--quiet", "--", "hello").expecting(7);
    assertThat(run.run().text()).isEqualTo("version 1: hello\n");
    FLATPAK.compared(1);
  }

  /// A client that installs images is asked to; none is at hand, so it is what it is asked that is
  /// looked at. Since 1.17.0 there is `--image`.
  @Test
  void aNewerFlatpakInstallsTheImageItself() throws IOException {
    buildInto("app");
    String ref = "app/org.example.Looped/x86_64/stable";
    for (String version : List.of("Flatpak 1.17.0", "Flatpak 1.18.2", "Flatpak 2.0")) {
      assertThat(askedOf(version, "app"))
          .as(version)
          .containsExactly(
              "install --user --noninteractive -y --reinstall --image oci:%s:%s"
                  .formatted(home("app"), ref));
    }
    String remote = "org.example.Looped-stable-overpak-origin";
    for (String version : List.of("Flatpak 1.16.9", "Flatpak 1.14.10", "none of yours")) {
      assertThat(askedOf(version, "app"))
          .as(version)
          .containsExactly(
              "remotes --user --show-disabled --columns=name,url",
              "remote-add --user --no-gpg-verify --no-enumerate --title=Built by Overpak %s file://%s"
                  .formatted(remote, home(".cache/overpak/local/org.example.Looped/x86_64/stable")),
              "install --user --noninteractive -y --or-update %s %s".formatted(remote, ref));
    }
    buildInto("system", "--layout=ostree");
    assertThat(askedOf("Flatpak 1.17.0", "system"))
        .as("it reads no image of the ostree layout, but a repository")
        .noneMatch(line -> line.contains("--image"))
        .anyMatch(line -> line.startsWith("install"));
  }

  /// What a Flatpak of this VERSION is asked for by `overpak install` of LAYOUT, beside its
  /// version.
  private List<String> askedOf(String version, String layout) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path asked = Path.of(home("asked"));
    Files.deleteIfExists(asked);
    Path fake = bin.resolve("flatpak");
    Files.writeString(
        fake,
        """
        #!/bin/sh
        [ "$1" = --version ] && exec echo %s
        echo "$@" >> ~/asked
        """
            .formatted(version));
    Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    userWith(bin + ":/usr/bin:/bin", "install", "oci:" + home(layout)).run();
    return Files.readAllLines(asked);
  }

  @Test
  void whatIsWatchedIsBuiltInstalledAndStartedAnew() throws Exception {
    user("install", "oci:" + home("runtime")).run();
    Path log = directory.resolve("log");
    Command command = user(buildOf("build", spec())).and("--output=oci:" + home("app"), "--watch");
    // Where the tests themselves are in the background, it would be ignored.
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
    line.addAll(command.line());
    Process process =
        new ProcessBuilder(line)
            .directory(directory.resolve("home").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      waitFor(log, "version 1:");
      app.publish(2);
      waitFor(log, "version 2:");

      Files.writeString(directory.resolve("app.yaml"), LoopedApp.APP + "  nonsense: 1\n");
      waitFor(log, "unknown key 'nonsense'");
      Files.writeString(
          directory.resolve("app.yaml"), LoopedApp.APP + "  finish-args: --env=A=b\n");
      waitFor(log, "version 2:");
      FLATPAK.compared(3);
      double[] seconds = seconds(Files.readString(log));
      assertThat(seconds[1] + seconds[2])
          .as("one package changed; as many seconds as our part took")
          .isLessThan(1.0);
      assertThat(seconds[0])
          .as("the total, to a hundredth for each part")
          .isGreaterThanOrEqualTo(seconds[1] + seconds[2] + seconds[3] - 0.04);
    } finally {
      interrupt();
      process.waitFor(20, TimeUnit.SECONDS);
      process.destroyForcibly();
    }
    assertThat(Command.of("sh", "-c", "pgrep -u \"$1\" sleep || true", "sh", USER).run().text())
        .isEmpty();
  }

  /// Of the second build: in all, building, preparing, and Flatpak's.
  private static double[] seconds(String log) {
    MatchResult times = TIMES.matcher(log).results().skip(1).findFirst().orElseThrow();
    return IntStream.rangeClosed(1, 4)
        .mapToDouble(part -> Double.parseDouble(times.group(part)))
        .toArray();
  }

  private static void interrupt() {
    Command.of("sh", "-c", "pkill -INT -u \"$1\" java || true", "sh", USER).run();
  }

  /// What was waited for before is over.
  private int seen;

  private void waitFor(Path log, String text) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    String all = Files.readString(log);
    while (all.indexOf(text, seen) < 0) {
      assertThat(System.nanoTime()).as("no '%s' in:%n%s", text, all).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(50);
      all = Files.readString(log);
    }
    seen = all.indexOf(text, seen) + text.length();
  }
}
