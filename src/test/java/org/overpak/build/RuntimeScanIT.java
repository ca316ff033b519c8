package org.overpak.build;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.oci.ImageName;
import org.overpak.rpm.ProvideGenerator;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.TreePath;

/// What a scan of the test distribution's runtime finds is what rpm-build's own generators say of
/// the same files.
class RuntimeScanIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final TestFlatpaks FLATPAKS = TestFlatpaks.make();

  private static final Path ROOT = Project.distro().resolve("root");
  private static final String PKG_CONFIG = "echo \"$1\" | /usr/lib/rpm/pkgconfigdeps.sh --provides";

  @TempDir private static Path directory;
  private final ScannedRuntime scanned =
      RuntimeScan.run(FLATPAKS.runtime().image().name(), FLATPAKS.cache(), Progress.SILENT);

  /// For each provide of GENERATOR the files that have it, as paths of the system.
  private static Map<String, String> found(ScannedRuntime runtime, ProvideGenerator generator) {
    return runtime.provides().stream()
        .filter(provide -> provide.generator() == generator)
        .collect(
            Collectors.toMap(
                ScannedRuntime.Provide::capability,
                provide ->
                    provide.files().stream()
                        .map(TreePath::toString)
                        .collect(Collectors.joining(" ")),
                (_, b) -> b,
                TreeMap::new));
  }

  /// The same of what COMMAND, of rpm-build, says of each of FILES below TOP, `$1`.
  private static Map<String, String> generated(Path top, List<Path> files, String command)
      throws IOException {
    Path list = directory.resolve("files");
    Files.write(list, files.stream().map(Path::toString).toList());
    String loop =
        "one() { %s; }; while read -r f; do one \"$f\" | while read -r p; do echo \"$p\t$f\"; done; done"
            .formatted(command);
    Map<String, SortedSet<String>> result = new TreeMap<>();
    for (String line : RPM.run(Command.of("bash", "-c", loop).reading(list)).lines()) {
      String[] parts = line.split("\t", 2);
      result
          .computeIfAbsent(parts[0], _ -> new TreeSet<>())
          .add("/" + top.relativize(Path.of(parts[1])));
    }
    Map<String, String> joined = new TreeMap<>();
    result.forEach((provide, paths) -> joined.put(provide, String.join(" ", paths)));
    return joined;
  }

  private static List<Path> files(Path top, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      return files
          .filter(file -> Files.isRegularFile(file, NOFOLLOW_LINKS) && wanted.test(file))
          .sorted()
          .toList();
    }
  }

  private static boolean isElf(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      return Arrays.equals(stream.readNBytes(4), new byte[] {0x7f, 'E', 'L', 'F'});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compare(
      String subject, Map<String, String> theirs, Map<String, String> ours) {
    RPM.compare(subject, theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.pollLastEntry();
    RPM.distinguishes("a provide that is not found", subject, theirs, wrong);
  }

  @Test
  void librariesAreThoseOfElfdeps() throws IOException {
    Map<String, String> theirs =
        generated(
            ROOT, files(ROOT, RuntimeScanIT::isElf), "/usr/lib/rpm/elfdeps --provides \"$1\"");
    assertThat(theirs)
        .containsKeys("libc.so.6(GLIBC_2.34)(64bit)", "ld-linux-x86-64.so.2(GLIBC_2.3)(64bit)")
        .hasSizeGreaterThan(900);
    compare("libraries of the runtime", theirs, found(scanned, ProvideGenerator.LIBRARY));
  }

  @Test
  void pkgConfigModulesAreThoseOfPkgconfigdeps() throws IOException {
    Map<String, String> theirs =
        generated(ROOT, files(ROOT, file -> file.toString().endsWith(".pc")), PKG_CONFIG);
    compare(
        "pkg-config modules of the runtime", theirs, found(scanned, ProvideGenerator.PKG_CONFIG));
  }

  @Test
  void whatIsRememberedOfAScanIsWhatItFound() {
    ImageName image = FLATPAKS.runtime().image().name();
    Path cache = directory.resolve("cache");
    ScannedRuntime first = RuntimeScan.run(image, cache, Progress.SILENT);
    assertThat(first.provides()).hasSizeGreaterThan(900);
    assertThat(first.paths()).contains("/bin/sh", "/usr/bin/sh", "/lib64", "/etc/passwd");
    assertThat(RuntimeScan.run(image, cache, Progress.SILENT)).isEqualTo(first);
  }

  @Test
  void theOstreeLayoutProvidesTheSame() {
    assertThat(
            RuntimeScan.run(FLATPAKS.ostreeRuntime().name(), FLATPAKS.cache(), Progress.SILENT)
                .provides())
        .isEqualTo(scanned.provides());
  }
}
