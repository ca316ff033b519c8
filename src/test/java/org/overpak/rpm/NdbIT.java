package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.testing.Command;
import org.overpak.testing.DebianSource;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Databases in the ndb format. Debian's rpm is built without it, so rpm's own code for it is
/// compiled from its source package, and writes them.
class NdbIT {
  private static final Judge RPM = Judge.of("rpm");

  /// What the code wants of the rest of rpm.
  private static final String SYSTEM =
      """
      #include <stdlib.h>
      #define _(text) text
      #define xmalloc malloc
      #define xcalloc calloc
      #define xrealloc realloc
      #define xstrdup strdup
      """;

  private static final String LOG = "#define rpmlog(...) (void) 0\n";

  /// Puts a header into a database, takes one out, lists all with their bytes, or checks it.
  private static final String PROGRAM =
      """
      #include "rpmpkg.c"
      static unsigned char *read_all(const char *name, unsigned int *size) {
        FILE *file = fopen(name, "rb");
        unsigned char *bytes = malloc(1 << 24);
        *size = fread(bytes, 1, 1 << 24, file);
        fclose(file);
        return bytes;
      }
      int main(int argc, char **argv) {
        rpmpkgdb db;
        unsigned int size, *numbers, count;
        unsigned char *blob;
        char name[4096];
        if (rpmpkgOpen(&db, argv[1], O_RDWR | O_CREAT, 0644)) return 1;
        for (int i = 2; i < argc; i += 3) {
          unsigned int number = atoi(argv[i + 1]);
          if (argv[i][0] == 'p') {
            unsigned int next;
            blob = read_all(argv[i + 2], &size);
            if (!number && (rpmpkgNextPkgIdx(db, &next) || !(number = next))) return 2;
            if (rpmpkgPut(db, number, blob, size)) return 3;
          } else if (argv[i][0] == 'd') {
            if (rpmpkgDel(db, number)) return 4;
          } else if (argv[i][0] == 'v') {
            if (rpmpkgVerify(db)) return 5;
          } else {
            if (rpmpkgList(db, &numbers, &count)) return 6;
            for (unsigned int n = 0; n < count; n++) {
              if (rpmpkgGet(db, numbers[n], &blob, &size)) return 7;
              snprintf(name, sizeof name, "%s/%u", argv[i + 2], numbers[n]);
              FILE *file = fopen(name, "wb");
              fwrite(blob, 1, size, file);
              fclose(file);
            }
          }
        }
        rpmpkgClose(db);
        return 0;
      }
      """;

  private static Path program = Path.of("");
  private static Path database = Path.of("");

  @BeforeAll
  static void write(@TempDir Path directory) throws IOException {
    program = directory.resolve("ndb");
    Files.createDirectories(directory.resolve("include/rpm"));
    Files.writeString(directory.resolve("include/system.h"), SYSTEM);
    Files.writeString(directory.resolve("include/rpm/rpmlog.h"), LOG);
    Path source = Files.writeString(directory.resolve("ndb.c"), PROGRAM);
    Command.of(
            "gcc",
            "-w",
            "-O1",
            "-I" + directory.resolve("include"),
            "-I" + DebianSource.of("rpm", "lib/backend/ndb"),
            "-o",
            program.toString(),
            source.toString())
        .run();
    database = directory.resolve("Packages.db");
    fill();
  }

  /// All headers of the distribution's runtime, more than a page of slots knows, some of which go
  /// again or are replaced by others, so that there are gaps and what was moved.
  private static void fill() throws IOException {
    List<InstalledPackage> packages =
        RpmDatabase.open(Project.distro().resolve("root/usr/lib/sysimage/rpm/rpmdb.sqlite"))
            .packages();
    List<String> steps = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (InstalledPackage each : packages) {
        Path blob = database.resolveSibling("blob-" + each.number());
        Files.write(blob, each.header().header().blob());
        steps.addAll(List.of("put", "0", blob.toString()));
      }
    }
    for (int number = 3; number < packages.size(); number += 7) {
      steps.addAll(List.of("delete", Integer.toString(number), ""));
    }
    for (int number = 4; number < packages.size(); number += 11) {
      steps.addAll(
          List.of("put", Integer.toString(number), database.resolveSibling("blob-5").toString()));
    }
    steps.addAll(List.of("delete", Integer.toString(2 * packages.size()), ""));
    run(database, steps);
  }

  private static void run(Path file, List<String> steps) {
    List<String> line = new ArrayList<>(List.of(program.toString(), file.toString()));
    line.addAll(steps);
    RPM.run(Command.of(line));
  }

  @Test
  void headersAreThoseThatRpmReads(@TempDir Path directory) throws IOException {
    run(database, List.of("list", "0", directory.toString(), "verify", "0", ""));
    Map<String, String> theirs = new LinkedHashMap<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        theirs.put(
            String.valueOf(file.getFileName()), Digest.sha256(Files.readAllBytes(file)).hex());
      }
    }
    Map<String, String> ours = new LinkedHashMap<>();
    List<InstalledPackage> packages = RpmDatabase.open(database).packages();
    packages.forEach(
        each ->
            ours.put(
                Integer.toString(each.number()),
                Digest.sha256(each.header().header().blob()).hex()));
    assertThat(ours).hasSizeGreaterThan(256);
    RPM.compare("headers in the ndb format", theirs, ours);
    ours.put("1", ours.getOrDefault("2", ""));
    RPM.distinguishes("another header", "headers in the ndb format", theirs, ours);
  }

  /// What was read can be written as SQLite, whose numbers go on where rpm would.
  @Test
  void isConvertedWithItsNumbers(@TempDir Path directory) throws IOException {
    RpmDatabase opened = RpmDatabase.open(database);
    Path sqlite = directory.resolve("rpmdb.sqlite");
    opened.write(sqlite);
    Map<String, String> theirs = new LinkedHashMap<>();
    RPM.run("--dbpath", directory.toString(), "-qa", "--qf", "%{DBINSTANCE} %{NEVRA}\n")
        .lines()
        .forEach(line -> theirs.put(line.split(" ", 2)[0], line.split(" ", 2)[1]));
    Map<String, String> ours = new LinkedHashMap<>();
    opened
        .packages()
        .forEach(
            each ->
                ours.put(
                    Integer.toString(each.number()),
                    "%s-%s.%s"
                        .formatted(each.nevra().name(), each.nevra().evr(), each.nevra().arch())));
    RPM.compare("packages of a converted database", theirs, ours);
    Path hello = DistroPackages.of("apps").getFirst();
    int next =
        opened
            .install(
                List.of(Installation.whole(PackageFile.open(hello))),
                InstallTransaction.at(0, "x86_64"))
            .packages()
            .getLast()
            .number();
    // The last one of the second round was taken out again; its number is not given again.
    assertThat(next).isEqualTo(2 * DistroPackages.installed() + 1);
  }

  @Test
  void isReadOutOfATreeAndNotReplaced(@TempDir Path scratch) throws IOException {
    Path root = scratch.resolve("root");
    Path directory = Files.createDirectories(root.resolve("usr/lib/sysimage/rpm"));
    Files.copy(database, directory.resolve("Packages.db"));
    FileTree tree = FileTree.ofDirectory(root);
    RpmDatabase opened = RpmDatabase.open(tree, scratch.resolve("copy"));
    assertThat(opened.packages()).hasSizeGreaterThan(256);
    assertThat(RpmDatabase.parked(tree, scratch.resolve("parked")).entries())
        .isEqualTo(tree.entries());
    Path written = scratch.resolve("rpmdb.sqlite");
    opened.write(written);
    assertThatThrownBy(() -> RpmDatabase.store(written, tree, 0))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE))
        .hasMessageContaining("/usr/lib/sysimage/rpm/Packages.db");
    assertThat(tree.contains(new TreePath("usr/lib/sysimage/rpm/rpmdb.sqlite"))).isFalse();
  }

  @Test
  void damageIsFoundOrHarmless(@TempDir Path directory) throws IOException {
    byte[] bytes = Files.readAllBytes(database);
    Path file = directory.resolve("Packages.db");
    var random = new Random(7);
    int refused = 0;
    int rounds = 60;
    for (int round = 0; round < rounds; round++) {
      // Mostly in the slots, where all that is said of places and sizes is.
      int within = round % 3 == 0 ? bytes.length : 8192;
      byte[] damaged =
          round % 10 == 9 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
      for (int i = 0; i < 4; i++) {
        damaged[random.nextInt(Math.min(within, damaged.length))] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      try {
        RpmDatabase.open(file);
      } catch (OverpakException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.IMAGE);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(rounds / 2);
    byte[] flipped = bytes.clone();
    int blob = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("BlbS");
    flipped[blob + 1000] ^= 1;
    Files.write(file, flipped);
    RPM.rejects(
        "a database with one bit changed",
        Command.of(program.toString(), file.toString(), "verify", "0", ""));
    assertThatThrownBy(() -> RpmDatabase.open(file)).hasMessageContaining("wrong checksum");
  }
}
