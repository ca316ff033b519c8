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
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Project;

/// An ordinary user builds an app where there is nothing but Overpak and the C library: no rpm, no
/// network, no home to write to. All programs that the kernel starts meanwhile are known.
class RootlessIT {
  private static final String USER = "overpak-rootless";

  /// Whatever else is started is a dependency that users would have to install, or a way out.
  private static final Map<String, String> ALLOWED =
      Map.of(
          "/usr/bin/bwrap", "the test's own: it makes the root in which the rest runs",
          "/overpak/bin/overpak", "the launcher: the kernel starts its interpreter, /bin/sh",
          "/overpak/bin/../jre/bin/java", "Overpak itself, in place of the launcher");

  private static final Pattern EXECUTED =
      Pattern.compile("^execve(?:at)?\\((?:[^,\"]*, )?\"([^\"]*)\".* = 0$", Pattern.MULTILINE);

  private static final List<String> BUILD =
      List.of(
          "/overpak/bin/overpak",
          "build",
          "/figlet.yaml",
          "--runtime=oci:/runtime",
          "--repo=apps=/apps",
          "--gpgkey=apps=/key.asc",
          "--cache=/work/cache",
          "--output=oci:/work/app");

  @TempDir Path directory;

  @BeforeEach
  void addUser() throws IOException {
    assertThat(System.getProperty("user.name")).as("who may add a user").isEqualTo("root");
    Command.of("useradd", "--system", "--no-create-home", "--shell=/usr/sbin/nologin", USER).run();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    // Copies: the originals may lie where only we may go.
    copy(Distribution.directory(), "overpak");
    copy(Distribution.runtime(), "runtime");
    copy(Project.distro().resolve("repos/apps"), "apps");
    copy(Project.distro().resolve("keys/overpak-test.asc"), "key.asc");
    copy(Distribution.spec("figlet.yaml"), "figlet.yaml");
    for (String name : List.of("work", "trace")) {
      Files.createDirectory(directory.resolve(name));
    }
    Command.of("chmod", "-R", "go+rX", directory.toString()).run();
    Command.of("chown", USER, directory.resolve("work").toString()).run();
  }

  @AfterEach
  void removeUser() {
    Command.of("userdel", USER).run();
  }

  /// Times are kept: the start-up cache knows its jars by them.
  private void copy(Path from, String name) {
    Command.of("cp", "-a", from.toString(), directory.resolve(name).toString()).run();
  }

  @Test
  void needsNeitherRootNorNetworkNorOtherPrograms() throws IOException {
    traced(List.of(), BUILD);
    assertThat(executed()).containsExactlyInAnyOrderElementsOf(ALLOWED.keySet());
    assertThat(Files.getOwner(directory.resolve("work/app/index.json")).getName()).isEqualTo(USER);

    Path asRoot = directory.resolve("as-root");
    Distribution.overpak(
            "build",
            directory.resolve("figlet.yaml").toString(),
            "--runtime=oci:" + directory.resolve("runtime"),
            "--repo=apps=" + directory.resolve("apps"),
            "--gpgkey=apps=" + directory.resolve("key.asc"),
            "--cache=" + directory.resolve("root-cache"),
            "--output=oci:" + asRoot)
        .run();
    assertThat(Distribution.files(directory.resolve("work/app")))
        .isEqualTo(Distribution.files(asRoot));
  }

  /// The negative control: a child of a child of what is traced is seen, too.
  @Test
  void noticesAnotherProgram() throws IOException {
    traced(
        List.of("--ro-bind", "/bin/true", "/bin/true"),
        List.of("/bin/sh", "-c", "(/bin/true); exec /overpak/bin/overpak --version"));
    Set<String> others = new TreeSet<>(executed());
    others.removeAll(ALLOWED.keySet());
    assertThat(others).containsExactlyInAnyOrder("/bin/sh", "/bin/true");
  }

  /// @param more what else the root holds
  private void traced(List<String> more, List<String> line) throws IOException {
    List<String> all = new ArrayList<>();
    // One file for each process: no call is cut in two by another one's.
    Collections.addAll(all, "strace", "-u", USER, "-ff", "-e", "trace=execve,execveat");
    Collections.addAll(all, "-o", directory.resolve("trace/process").toString());
    Collections.addAll(all, "/usr/bin/bwrap", "--unshare-all", "--die-with-parent");
    Collections.addAll(all, "--new-session", "--clearenv", "--setenv", "LANG", "C");
    Collections.addAll(all, "--setenv", "HOME", "/home", "--proc", "/proc", "--dev", "/dev");
    Collections.addAll(all, "--tmpfs", "/tmp", "--dir", "/home");
    for (String library : libraries()) {
      readOnly(all, Path.of(library), library);
    }
    readOnly(all, Path.of("/bin/sh"), "/bin/sh");
    all.addAll(more);
    for (String name : List.of("overpak", "runtime", "apps", "key.asc", "figlet.yaml")) {
      readOnly(all, directory.resolve(name), "/" + name);
    }
    Collections.addAll(all, "--bind", directory.resolve("work").toString(), "/work");
    Collections.addAll(all, "--remount-ro", "/", "--chdir", "/", "--");
    all.addAll(line);
    Command.of(all).in(directory).within(Duration.ofMinutes(10)).run();
  }

  private static void readOnly(List<String> line, Path from, String to) throws IOException {
    Collections.addAll(line, "--ro-bind", from.toRealPath().toString(), to);
  }

  /// What the loader loads for the shell, for Java and for all native libraries of the distribution
  /// from outside it: the C library and its loader, nothing else.
  private Set<String> libraries() throws IOException {
    List<String> line = new ArrayList<>(List.of("ldd", "/bin/sh"));
    line.add(directory.resolve("overpak/jre/bin/java").toString());
    try (var files = Files.walk(directory.resolve("overpak"))) {
      files.map(Path::toString).filter(file -> file.endsWith(".so")).forEach(line::add);
    }
    Set<String> libraries = new TreeSet<>();
    Pattern.compile("^\\s+(?:\\S+ => )?(/lib\\S*) \\(", Pattern.MULTILINE)
        .matcher(Command.of(line).run().text())
        .results()
        .map(result -> result.group(1))
        .forEach(libraries::add);
    assertThat(libraries)
        .isNotEmpty()
        .allMatch(library -> library.matches(".*/(ld-linux.*|lib(c|dl|m|pthread|rt))\\.so\\.\\d+"));
    return libraries;
  }

  private Set<String> executed() throws IOException {
    Set<String> programs = new TreeSet<>();
    try (var traces = Files.list(directory.resolve("trace"))) {
      for (Path trace : traces.toList()) {
        EXECUTED
            .matcher(Files.readString(trace))
            .results()
            .map((MatchResult result) -> result.group(1))
            .forEach(programs::add);
      }
    }
    return programs;
  }
}
