package org.overpak.repo;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.overpak.Digest;
import org.overpak.Progress;

/// Measures how long the metadata of a large distribution takes: 65,000 packages with 22 provides
/// and requires each, 190 MB of XML, much like Fedora's. Not a test: run its main.
///
///     mvn -q test-compile exec:java -Dexec.classpathScope=test \
///       -Dexec.mainClass=org.overpak.repo.LargeRepository
final class LargeRepository {
  private static final int PACKAGES = 65_000;

  /// Says what was used even where other programs compete for the processors.
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private LargeRepository() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory("large");
    System.out.printf("%d bytes of XML%n", write(directory));
    var config = RepositoryConfig.parseOption("large=" + directory, List.of());
    for (int run = 0; run < 5; run++) {
      long start = System.nanoTime();
      long cpuStart = PROCESS.getProcessCpuTime();
      try (var downloads =
          new Downloads(directory.resolve("cache"), DownloadOptions.DEFAULT, Progress.SILENT)) {
        List<RepositoryPackage> packages =
            downloads.open(List.of(config), _ -> {}).getFirst().packages();
        long end = System.nanoTime();
        long cpuEnd = PROCESS.getProcessCpuTime();
        System.gc();
        var runtime = Runtime.getRuntime();
        System.out.printf(
            "%d packages in %d ms (%d ms of processors), %d MiB kept%n",
            packages.size(),
            (end - start) / 1_000_000,
            (cpuEnd - cpuStart) / 1_000_000,
            (runtime.totalMemory() - runtime.freeMemory()) >> 20);
        if (packages.getFirst().size() < 0) {
          throw new IllegalStateException();
        }
      }
    }
  }

  private static long write(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("repodata"));
    Path primary = directory.resolve("repodata/primary.xml.gz");
    Path plain = directory.resolve("primary.xml");
    try (Writer out = Files.newBufferedWriter(plain)) {
      out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata xmlns=\"");
      out.write(TestRepository.COMMON);
      out.write("\" xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\" packages=\"65000\">\n");
      var random = new Random(1);
      for (int i = 0; i < PACKAGES; i++) {
        writePackage(out, i, random);
      }
      out.write("</metadata>\n");
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(primary))) {
      Files.copy(plain, out);
    }
    byte[] stored = Files.readAllBytes(primary);
    try (Writer out =
        new OutputStreamWriter(
            Files.newOutputStream(directory.resolve("repodata/repomd.xml")),
            StandardCharsets.UTF_8)) {
      byte[] open = Files.readAllBytes(plain);
      out.write(
          TestRepository.repomd(
              TestRepository.data("primary", stored, "")
                  .replaceAll(
                      "open-checksum type=\"sha256\">\\w+",
                      "open-checksum type=\"sha256\">" + Digest.sha256(open).hex())
                  .replaceAll("<open-size>0", "<open-size>" + open.length)));
    }
    return Files.size(plain);
  }

  private static void writePackage(Writer out, int i, Random random) throws IOException {
    String name = "package-" + i / 3 + List.of("", "-devel", "-libs").get(i % 3);
    var provides = new StringBuilder();
    entry(provides, name, "42." + i % 100, "3.fc42");
    entry(provides, name + "(x86-64)", "42." + i % 100, "3.fc42");
    for (int n = 0; n < 5; n++) {
      provides
          .append("<rpm:entry name=\"lib")
          .append(name)
          .append(n)
          .append(".so.1()(64bit)\"/>\n");
    }
    var requires = new StringBuilder();
    for (int n = 0; n < 15; n++) {
      // Few are required by many.
      int other = (int) (PACKAGES * Math.pow(random.nextDouble(), 6));
      requires.append("<rpm:entry name=\"libpackage-").append(other).append(n % 5);
      requires.append(".so.1()(64bit)\"/>\n");
    }
    var files = new StringBuilder();
    for (int n = 0; n < i % 7; n++) {
      files.append("<file>/usr/bin/").append(name).append('-').append(n).append("</file>\n");
    }
    out.write(
        TestRepository.pkg(
                name,
                "<rpm:provides>\n%s</rpm:provides>\n<rpm:requires>\n%s</rpm:requires>\n%s"
                    .formatted(provides, requires, files))
            .replace(
                "<summary>",
                "<description>" + "What it is good for. ".repeat(25) + "</description><summary>"));
  }

  private static void entry(StringBuilder out, String name, String version, String release) {
    out.append("<rpm:entry name=\"").append(name).append("\" flags=\"EQ\" epoch=\"0\" ver=\"");
    out.append(version).append("\" rel=\"").append(release).append("\"/>\n");
  }
}
