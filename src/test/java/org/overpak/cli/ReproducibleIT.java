package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Project;

/// The same packages make the same image, byte for byte, whatever else is different.
class ReproducibleIT {
  /// Turkish has another capital of i, German other decimals, Thai another calendar and Egyptian
  /// Arabic other digits.
  private record Surroundings(String umask, String locale, String zone, int processors) {
    Command around(Command command) {
      String[] parts = locale.split("_", -1);
      List<String> line = new ArrayList<>();
      line.addAll(List.of("sh", "-c", "unset SOURCE_DATE_EPOCH; umask \"$0\"; exec \"$@\"", umask));
      line.addAll(command.line());
      return Command.of(line)
          .within(command.timeout())
          .with("LC_ALL", locale + ".UTF-8")
          .with("TZ", zone)
          .with(
              "OVERPAK_JAVA_OPTIONS",
              "-XX:ActiveProcessorCount=%d -Duser.language=%s -Duser.country=%s"
                  .formatted(processors, parts[0], parts[1]));
    }
  }

  private static final Surroundings PLAIN = new Surroundings("022", "en_US", "UTC", 1);
  private static final Surroundings TURKISH = new Surroundings("077", "tr_TR", "Asia/Kathmandu", 4);
  private static final Surroundings GERMAN = new Surroundings("002", "de_DE", "Europe/Berlin", 2);
  private static final Surroundings THAI = new Surroundings("027", "th_TH", "Asia/Bangkok", 3);
  private static final Surroundings EGYPTIAN = new Surroundings("022", "ar_EG", "Africa/Cairo", 2);

  @TempDir Path directory;

  /// `overpak build` of SPEC from REPOSITORIES, each called by the part of its name before `-`.
  private Command build(Path spec, String cache, Path layout, Path... repositories)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of("build", "--rebuild", spec.toString(), "--runtime=oci:" + Distribution.runtime()));
    for (Path repository : repositories) {
      String name = repository.getFileName().toString().replaceFirst("-.*", "");
      arguments.add("--repo=" + name + "=" + repository);
      arguments.add("--gpgkey=" + name + "=" + Project.distro().resolve("keys/overpak-test.asc"));
    }
    arguments.add("--cache=" + directory.resolve(cache));
    arguments.add("--output=oci:" + layout);
    return Distribution.overpak(arguments.toArray(String[]::new));
  }

  private static Path repository(String name) {
    return Project.distro().resolve("repos").resolve(name);
  }

  private Path layout(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name)).resolve("layout");
  }

  private Map<String, String> built(
      Surroundings surroundings, String cache, String name, Path... repositories)
      throws IOException {
    Path layout = layout(name);
    surroundings.around(build(Distribution.spec("onig.yaml"), cache, layout, repositories)).run();
    return Distribution.files(layout);
  }

  @Test
  void appDependsOnItsPackagesOnly() throws IOException {
    Path apps = repository("apps");
    Map<String, String> first = built(PLAIN, "cold", "a", apps);
    assertThat(built(TURKISH, "cold", "another/place/with a space", apps))
        .as("warm cache")
        .isEqualTo(first);
    assertThat(built(GERMAN, "other", "c", repository("apps-zstd"))).as("zstd").isEqualTo(first);
    assertThat(built(THAI, "cold", "d", repository("apps-xz"))).as("xz").isEqualTo(first);
    assertThat(built(EGYPTIAN, "fourth", "e", withoutFilelists("apps")))
        .as("nothing needs file lists, so they are not read")
        .isEqualTo(first);

    Path dated = layout("dated");
    build(Distribution.spec("onig.yaml"), "cold", dated, apps)
        .with("SOURCE_DATE_EPOCH", "1234567890")
        .run();
    assertThat(Distribution.files(dated)).as("the control: another date").isNotEqualTo(first);
  }

  @Test
  void runtimeDependsOnItsPackagesOnly() throws IOException {
    Path layout = layout("runtime");
    TURKISH.around(Distribution.buildRuntime(layout, directory.resolve("cache"))).run();
    assertThat(Distribution.files(layout)).isEqualTo(Distribution.files(Distribution.runtime()));
  }

  @Test
  void importedRuntimeDependsOnItsRootOnly() throws IOException {
    Path layout = layout("imported");
    PLAIN.around(Distribution.importRuntime(layout, directory.resolve("cache"))).run();
    Path again = layout("imported-again");
    TURKISH.around(Distribution.importRuntime(again, directory.resolve("cache"))).run();
    assertThat(Distribution.files(again)).isEqualTo(Distribution.files(layout));
  }

  @Test
  void readsFileListsWhereAFileIsRequired() throws IOException {
    Path spec =
        Files.writeString(
            directory.resolve("needs-file.yaml"),
            Files.readString(Distribution.spec("onig.yaml"))
                .replace("oniguruma-tools", "needs-file"));
    Path extras = repository("extras");
    Command.Result result =
        build(spec, "cache", layout("needs-file"), repository("apps"), extras).run();
    assertThat(result.text()).contains("needs-file requires /app/share/figlet/banner.flf");

    Command.Result missing =
        build(spec, "fresh", layout("missing"), withoutFilelists("apps"), extras)
            .expecting(ExitCode.REPOSITORY.status())
            .run();
    assertThat(missing.errorText()).contains("filelists");
    assertThat(directory.resolve("missing/layout")).doesNotExist();
  }

  private Path withoutFilelists(String name) throws IOException {
    Path copy = directory.resolve("repositories").resolve(name + "-without-filelists");
    Files.createDirectories(copy.getParent());
    Command.of("cp", "-aL", repository(name).toString(), copy.toString()).run();
    try (var files = Files.list(copy.resolve("repodata"))) {
      List<Path> filelists =
          files.filter(file -> file.getFileName().toString().contains("-filelists")).toList();
      assertThat(filelists).isNotEmpty();
      for (Path file : filelists) {
        Files.delete(file);
      }
    }
    return copy;
  }
}
