package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.testing.DebianSource;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// Real packages and databases, damaged at random: read or refused, never another exception and
/// never more memory than the file can be about.
class DamageIT {
  private static final Judge RPM = Judge.of("rpm");

  /// Everything that can be asked of a package.
  private static void ask(PackageHeader header) {
    header.metadata();
    header.files();
    header.requirements();
    header.orderings();
    header.scriptlets();
    header.triggers();
    header.fileTriggers();
    header.prefixes();
    header.tree(Accounts.ROOT_ONLY);
    Sysusers.of(header);
    for (IndexTable table : IndexTable.values()) {
      IndexKey.of(table, header.header());
    }
  }

  private static byte[] damaged(byte[] bytes, int from, int to, Random random) {
    byte[] result = bytes.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = from + random.nextInt(to - from);
      if (random.nextInt(3) == 0 && at + 4 <= to) {
        int[] words = {0, -1, 1, 0x7fffffff, 0x10000000, 0xfffff, result.length};
        ByteBuffer.wrap(result).putInt(at, words[random.nextInt(words.length)]);
      } else {
        result[at] = (byte) random.nextInt();
      }
    }
    return result;
  }

  /// Digests would refuse nearly all of it, so headers are read as the database has them, without.
  @Test
  void headers(@TempDir Path directory) throws IOException {
    List<Path> packages = List.of(RpmBuild.build(directory, RpmBuild.MOTLEY), old("hlinktest"));
    var random = new Random(3);
    int refused = 0;
    int rounds = 4_000;
    for (int round = 0; round < rounds; round++) {
      Header header = PackageFile.open(packages.get(round % 2)).header().header();
      byte[] blob = header.blob();
      // Mostly in the index, where a wrong bit says something.
      int entries = 8 + ByteBuffer.wrap(blob).getInt() * 16;
      byte[] wrong =
          damaged(
              blob, round % 4 == 0 ? entries : 8, round % 4 == 0 ? blob.length : entries, random);
      try {
        ask(new PackageHeader(Header.parse(wrong, HeaderKind.INSTALLED, header.origin())));
      } catch (OverpakException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(rounds / 3, rounds - 1);
  }

  /// With every compressor, and the payload's digest not in the way.
  @Test
  void payloads(@TempDir Path directory) throws IOException {
    var random = new Random(5);
    int refused = 0;
    int rounds = 24;
    String[] compressions = {
      "w9.gzdio", "w9.bzdio", "w6.xzdio", "w6.lzdio", "w3.zstdio", "w.ufdio"
    };
    for (String compression : compressions) {
      Path file =
          RpmBuild.build(
              directory.resolve(compression), RpmBuild.MOTLEY, "_binary_payload " + compression);
      byte[] bytes = Files.readAllBytes(file);
      var opened = PackageFile.open(file);
      int payload = (int) opened.payloadOffset();
      Path bad = directory.resolve("bad.rpm");
      for (int round = 0; round < rounds; round++) {
        byte[] wrong = damaged(bytes, payload, bytes.length, random);
        if (round % 8 == 7) {
          wrong = Arrays.copyOf(wrong, payload + random.nextInt(bytes.length - payload));
          wrong = Arrays.copyOf(wrong, bytes.length);
        }
        Files.write(bad, wrong);
        try {
          new PayloadScan(PackageFile.open(bad)).read();
        } catch (OverpakException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(compressions.length * rounds / 2);
  }

  /// SQLite's pages, and what rpm makes of the same files.
  @Test
  void databases(@TempDir Path directory) throws IOException, SQLException {
    byte[] bytes =
        Files.readAllBytes(Project.distro().resolve("root/usr/lib/sysimage/rpm/rpmdb.sqlite"));
    var random = new Random(9);
    int refused = 0;
    int rounds = 24;
    Path bad = directory.resolve("rpmdb.sqlite");
    for (int round = 0; round < rounds; round++) {
      byte[] wrong = bytes.clone();
      // The schema and the tables' inner pages are at the front.
      int within = round % 2 == 0 ? bytes.length : 8 * 4096;
      for (int i = 0; i < 30; i++) {
        wrong[16 + random.nextInt(within - 16)] = (byte) random.nextInt();
      }
      Files.write(
          bad, round % 10 == 9 ? Arrays.copyOf(wrong, random.nextInt(bytes.length)) : wrong);
      try {
        RpmDatabase.open(bad).packages().forEach(each -> ask(each.header()));
      } catch (OverpakException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(rounds / 3);
  }

  private static Path old(String name) throws IOException {
    try (var files = Files.list(DebianSource.of("rpm", "tests").resolve("data/RPMS"))) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(name))
          .findFirst()
          .orElseThrow();
    }
  }

  /// The packages that rpm tests itself with: of other architectures, with capabilities, partial
  /// sets of hard links, signed files, damage.
  @Test
  void packagesOfRpmsOwnTests(@TempDir Path directory) throws IOException {
    int whole = 0;
    int rejected = 0;
    try (var files = Files.list(DebianSource.of("rpm", "tests").resolve("data/RPMS"))) {
      for (Path file : files.sorted().toList()) {
        boolean isWhole;
        try {
          PackageFile opened = PackageFile.open(file);
          opened.payload(Accounts.ROOT_ONLY);
          ask(opened.header());
          Path database = directory.resolve("rpmdb.sqlite");
          RpmDatabase.EMPTY
              .install(List.of(Installation.whole(opened)), InstallTransaction.at(0, "x86_64"))
              .write(database);
          assertThat(RpmDatabase.open(database).packages()).hasSize(1);
          isWhole = true;
        } catch (OverpakException e) {
          isWhole = false;
        }
        String[] question = {"-K", "--nosignature", file.toString()};
        if (isWhole) {
          RPM.run(question);
          whole++;
        } else {
          RPM.rejects(file.getFileName() + " of rpm's own tests", question);
          rejected++;
        }
      }
    }
    RPM.compared(whole + rejected);
    assertThat(whole).isGreaterThan(5);
    assertThat(rejected).isPositive();
  }
}
