package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Project;

/// The packaged program, `target/overpak`, as a user has it.
final class DistributionIT {
  private static final Path DISTRIBUTION = Project.directory().resolve("target/overpak");

  /// A run that must use the AOT cache, or fail.
  private static final String CACHE_OR_NOTHING = "-XX:AOTMode=on";

  @TempDir Path directory;

  private static Command overpak(Path distribution, String... arguments) {
    List<String> line = new ArrayList<>(List.of(distribution.resolve("bin/overpak").toString()));
    line.addAll(List.of(arguments));
    return Command.of(line);
  }

  private static Command version(Path distribution) {
    return overpak(distribution, "--version");
  }

  private static Command withJavaOptions(Command command, String options) {
    return command.with("OVERPAK_JAVA_OPTIONS", options);
  }

  private Path copy(String... options) {
    Path copy = directory.resolve("copy");
    List<String> line = new ArrayList<>(List.of("cp"));
    line.addAll(List.of(options));
    line.addAll(List.of(DISTRIBUTION.toString(), copy.toString()));
    Command.of(line).run();
    return copy;
  }

  @Test
  void theAotCacheIsUsed() {
    withJavaOptions(version(DISTRIBUTION), CACHE_OR_NOTHING).run();
  }

  @Test
  void theAotCacheIsUsedWhereverACopyGoes() throws IOException {
    Path copy = copy("-r"); // other times, another place
    withJavaOptions(version(copy), CACHE_OR_NOTHING).run();
    Path link = Files.createSymbolicLink(directory.resolve("overpak"), copy.resolve("bin/overpak"));
    withJavaOptions(Command.of(link.toString(), "--version"), CACHE_OR_NOTHING).run();
    withJavaOptions(Command.of("./overpak", "--version").in(copy.resolve("bin")), CACHE_OR_NOTHING)
        .run();
  }

  @Test
  void aMissingAotCacheOnlyCostsTime() throws IOException {
    Path copy = copy("-a");
    Files.delete(copy.resolve("lib/overpak.aot"));
    runsWithoutAotCache(copy);
  }

  @Test
  void aDamagedAotCacheOnlyCostsTime() throws IOException {
    Path copy = copy("-a");
    Path cache = copy.resolve("lib/overpak.aot");
    try (var channel = FileChannel.open(cache, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(cache) / 2);
    }
    runsWithoutAotCache(copy);
  }

  private static void runsWithoutAotCache(Path distribution) {
    Command.Result result = version(distribution).run();
    assertThat(result.text()).startsWith("overpak ");
    assertThat(result.errorText()).isEmpty();
    withJavaOptions(version(distribution), CACHE_OR_NOTHING).expecting(1).run();
  }

  @Test
  void startingLoadsNoLibraryButPicocli() {
    Path log = directory.resolve("classes");
    withJavaOptions(version(DISTRIBUTION), "-Xlog:class+init=info:file=" + log).run();
    assertThat(log)
        .content()
        .contains("picocli/CommandLine")
        .doesNotContainPattern(
            "tools/jackson|org/sqlite|org/bouncycastle|com/ctc/wstx|org/apache/commons|luben/zstd"
                + "|org/overpak/(tree|rpm|oci|flatpak|solve|repo|install|build)/");
  }

  /// Java loads native libraries by absolute paths only, and a build loads all there are.
  @Test
  void buildsWhenCalledByARelativePath() throws IOException {
    Path app = directory.resolve("app");
    Command.of(
            "bin/overpak",
            "build",
            Distribution.spec("hello.yaml").toString(),
            "--runtime=oci:" + Distribution.runtime(),
            "--repo=" + Project.distro().resolve("all.repo"),
            "--cache=" + directory.resolve("cache"),
            "--output=oci:" + app)
        .in(DISTRIBUTION)
        .run();
    assertThat(app.resolve("index.json")).exists();
  }

  @Test
  void fileNamesAreUtf8InAnyLocale() {
    String settings = "-XshowSettings:properties";
    Command posix = version(DISTRIBUTION).with("LC_ALL", "C").with("LANG", "C");
    assertThat(withJavaOptions(posix, settings).run().errorText())
        .contains("sun.jnu.encoding = UTF-8");
    // without the launcher it would not be so
    var java = DISTRIBUTION.resolve("jre/bin/java").toString();
    assertThat(Command.of(java, settings, "-version").with("LC_ALL", "C").run().errorText())
        .contains("sun.jnu.encoding = ANSI_X3.4-1968");
    assertThat(overpak(DISTRIBUTION, "ünïcödé").with("LC_ALL", "C").expecting(2).run().errorText())
        .contains("there is no command 'ünïcödé'");
  }

  @Test
  void nativeLibrariesAreLoadedFromTheDistribution() {
    String probe =
        "-Djava.io.tmpdir=/nowhere -cp %s:%s %s"
            .formatted(
                DISTRIBUTION.resolve("lib/overpak.jar"),
                Project.directory().resolve("target/test-classes"),
                NativeLibrariesProbe.class.getName());
    Command.Result result = withJavaOptions(version(DISTRIBUTION), probe).run();
    assertThat(result.lines())
        .contains("sqlite says 42", "zstd says zstd")
        .anyMatch(line -> line.endsWith("/target/overpak/lib/native/libsqlitejdbc.so"))
        .anyMatch(line -> line.endsWith("/target/overpak/lib/native/libzstd-jni.so"));
    assertThat(result.errorText()).isEqualTo("WARNING: java.io.tmpdir directory does not exist\n");
  }

  /// The distribution needs a C library and a shell, and nothing else of the host.
  @Test
  void runsInARootThatHoldsOnlyItAndLibc() {
    List<String> bare =
        new ArrayList<>(
            List.of(
                "bwrap",
                "--unshare-all",
                "--clearenv",
                "--proc",
                "/proc",
                "--dev",
                "/dev",
                "--tmpfs",
                "/tmp"));
    bare.addAll(List.of("--ro-bind", DISTRIBUTION.toString(), "/overpak"));
    for (Path file : libc()) {
      bare.addAll(List.of("--ro-bind", file.toString(), file.toString()));
    }
    bare.addAll(List.of("--ro-bind", "/usr/lib/locale/C.utf8", "/usr/lib/locale/C.utf8"));
    bare.addAll(List.of("--ro-bind", "/bin/dash", "/bin/sh"));
    List<String> version = new ArrayList<>(bare);
    version.addAll(List.of("/overpak/bin/overpak", "--version"));
    assertThat(Command.of(version).run().text()).startsWith("overpak ");
    // nothing else is there: the root is as bare as this test says
    List<String> other = new ArrayList<>(bare);
    other.addAll(List.of("/bin/sh", "-c", "echo /bin/* /usr/bin/*"));
    assertThat(Command.of(other).run().text()).isEqualTo("/bin/sh /usr/bin/*\n");
  }

  /// What Java and the shell are linked with: the parts of libc, and nothing that is not.
  private static List<Path> libc() {
    List<Path> files = new ArrayList<>();
    for (String program :
        List.of(
            DISTRIBUTION.resolve("jre/lib/server/libjvm.so").toString(),
            DISTRIBUTION.resolve("lib/native/libsqlitejdbc.so").toString(),
            "/bin/dash")) {
      for (String line : Command.of("ldd", program).run().lines()) {
        String path = line.replaceFirst("^[^/]*", "").replaceFirst(" .*", "");
        if (!path.isEmpty() && !files.contains(Path.of(path))) {
          files.add(Path.of(path));
        }
      }
    }
    assertThat(files)
        .allMatch(
            file ->
                file.getFileName()
                    .toString()
                    .matches("(libc|libm|libdl|libpthread|librt|ld-linux.*)\\.so\\.\\d+"));
    return files;
  }
}
