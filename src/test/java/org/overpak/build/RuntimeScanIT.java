package org.overpak.build;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  void fontsAreThoseOfFontconfig() throws IOException {
    Map<String, String> theirs =
        generated(
            ROOT,
            files(ROOT.resolve("usr/share/fonts"), _ -> true),
            "echo \"$1\" | /usr/lib/rpm/fontconfig.prov | grep -v :lang=");
    compare("fonts of the runtime", theirs, found(scanned, ProvideGenerator.FONT));
  }

  @Test
  void pythonIsThatOfPythonAttr() throws IOException {
    Map<String, String> theirs =
        generated(
            ROOT,
            files(ROOT.resolve("usr/bin"), file -> file.toString().contains("python")),
            "echo \"$1\" | RPM_BUILD_ROOT=%s /usr/lib/rpm/rpmdeps --provides | grep '^python(abi)'"
                .formatted(ROOT));
    compare("Python of the runtime", theirs, found(scanned, ProvideGenerator.PYTHON));
  }

  /// rpm has no generator for these; what is to be named is what GObject loads by that name.
  @Test
  void typelibsAreThoseThatGobjectLoads() throws IOException {
    Judge python = Judge.of("python3");
    Path directories = ROOT.resolve("usr/lib/x86_64-linux-gnu/girepository-1.0");
    List<Path> files = files(ROOT, file -> file.toString().endsWith(".typelib"));
    String script =
        """
        import gi, sys
        gi.require_version("GIRepository", "2.0")
        from gi.repository import GIRepository
        for path in sys.argv[2:]:
            with open(path, "rb") as file:
                data = file.read()
            text = lambda at: data[at:data.index(b"\\0", at)].decode()
            # the header (girepository, gitypelib-internal.h) has offsets of both
            number = lambda at: int.from_bytes(data[at:at + 4], "little")
            name, version = text(number(44)), text(number(48))
            assert version in GIRepository.Repository.get_default().enumerate_versions(name), name
            print("typelib(%s) = %s" % (name, version), path[len(sys.argv[1]):], sep="\\t")
        """;
    // Debian's, whatever else is in PATH: it has GObject's bindings.
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/python3", "-c", script, ROOT.toString()));
    files.forEach(file -> command.add(file.toString()));
    Map<String, String> theirs = new TreeMap<>();
    python
        .run(Command.of(command).with("GI_TYPELIB_PATH", directories.toString()))
        .lines()
        .forEach(line -> theirs.put(line.split("\t")[0], line.split("\t")[1]));
    Map<String, String> ours = found(scanned, ProvideGenerator.TYPELIB);
    python.compare("typelibs of the runtime", theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.pollFirstEntry();
    python.distinguishes("a typelib that is not found", "typelibs", theirs, wrong);
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
