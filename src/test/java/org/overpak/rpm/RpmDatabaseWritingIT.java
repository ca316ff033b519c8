package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// Databases that we write, and what rpm writes of the same transactions and reads in ours.
class RpmDatabaseWritingIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final String DIRECTORY = "usr/lib/sysimage/rpm";

  /// When dnf installed the test distribution's runtime (testing/distro/make).
  private static final InstallTransaction TRANSACTION =
      InstallTransaction.at(1_700_000_000, "x86_64");

  /// What rpm has of the runtime, at rest, and what we write for the same transaction.
  private static Path theirs = Path.of("");

  private static Path ours = Path.of("");

  @BeforeAll
  static void write(@TempDir Path scratch) throws IOException, SQLException {
    theirs = Files.createDirectory(scratch.resolve("theirs")).resolve("rpmdb.sqlite");
    ours = Files.createDirectory(scratch.resolve("ours")).resolve("rpmdb.sqlite");
    Files.copy(Project.distro().resolve("root").resolve(DIRECTORY).resolve("rpmdb.sqlite"), theirs);
    execute(theirs, "PRAGMA journal_mode = DELETE");
    writeOurs(ours);
  }

  private static void writeOurs(Path file) throws IOException, SQLException {
    Path keys = Files.copy(theirs, file.resolveSibling("keys.sqlite"));
    // The key was there before: dnf imports it in a transaction of its own.
    execute(keys, "DELETE FROM Packages WHERE hnum > 1", "UPDATE sqlite_sequence SET seq = 1");
    RpmDatabase before = RpmDatabase.open(keys);
    Files.delete(keys);
    assertThat(before.keys()).hasSize(1);
    assertThat(before.packages()).isEmpty();
    before.install(inTheirOrder(), TRANSACTION).write(file);
  }

  private static List<Installation> inTheirOrder() {
    Map<Nevra, Path> files = new HashMap<>();
    DistroPackages.of("base").forEach(f -> files.put(PackageFile.open(f).header().nevra(), f));
    List<InstalledPackage> installed = RpmDatabase.open(theirs).packages();
    assertThat(installed).hasSizeGreaterThan(150);
    return installed.stream()
        .map(
            each ->
                Installation.whole(
                    PackageFile.open(Objects.requireNonNull(files.get(each.nevra())))))
        .toList();
  }

  private static void execute(Path database, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void everyRowIsRpms() throws SQLException {
    Map<String, String> their = DatabaseContents.of(theirs);
    Map<String, String> our = DatabaseContents.of(ours);
    assertThat(our).hasSizeGreaterThan(15_000);
    RPM.compare("rows of the database", their, our);

    String last = List.copyOf(our.keySet()).getLast();
    our.remove(last);
    RPM.distinguishes("a missing row", "rows of the database", their, our);
  }

  @Test
  void everyRowOfWhatIsAddedIsRpms(@TempDir Path directory) throws IOException, SQLException {
    List<Path> files = new ArrayList<>(DistroPackages.of("apps"));
    files.add(RpmBuild.build(directory.resolve("motley"), RpmBuild.MOTLEY));
    files.add(RpmBuild.build(directory.resolve("rich"), RICH));
    files.add(RpmBuild.build(directory.resolve("empty"), EMPTY));
    Path their = copy(theirs, directory.resolve("their"));
    RPM.run(install(their, files));
    List<Installation> order =
        RpmDatabase.open(their).packages().reversed().subList(0, files.size()).reversed().stream()
            .map(each -> Installation.whole(find(each.nevra(), files)))
            .toList();
    Path our = directory.resolve("rpmdb.sqlite");
    RpmDatabase.open(theirs).install(order, LATER).write(our);
    RPM.compare("rows of added packages", DatabaseContents.of(their), DatabaseContents.of(our));
  }

  private static PackageFile find(Nevra nevra, List<Path> files) {
    return files.stream()
        .map(PackageFile::open)
        .filter(file -> file.header().nevra().equals(nevra))
        .findFirst()
        .orElseThrow();
  }

  private static final InstallTransaction LATER = InstallTransaction.at(1_700_001_000, "x86_64");

  private static Command install(Path database, List<Path> files) {
    return rpm(database, "-i", "--justdb", "--noscripts", "--notriggers", "--nodeps")
        .and("--force-debian")
        .and(files.stream().map(Path::toString).toArray(String[]::new))
        .with("SOURCE_DATE_EPOCH", Long.toString(LATER.time()));
  }

  /// Every shape of rich dependency, in each kind that may have one, and names that repeat.
  private static final String RICH =
      """
      Name: rich
      Version: 1
      Release: 1
      Summary: Rich dependencies
      License: MIT
      BuildArch: noarch
      AutoReqProv: no
      Requires: (a or b)
      Requires: (a and b and c >= 2)
      Requires: (a if b)
      Requires: (a if b else c)
      Requires: (a with b(x))
      Requires: (a = 1 without b)
      Requires: ((a if b) and (c if d else e))
      Requires: (x if (y or z) else (y and w))
      Requires: (p if ((q and r) or s))
      Requires: (same or same = 1 or same > 2)
      Requires(pre): (early or late)
      Requires: twice
      Requires: twice > 1
      Conflicts: (a unless b)
      Conflicts: (a unless b else c)
      Conflicts: (f and g)
      Recommends: (h if i)
      Suggests: (j or k)
      Supplements: (l and m)
      Supplements: (l2 unless m2)
      Enhances: (n or o)
      Obsoletes: old < 1
      Provides: virtual = 1
      Provides: virtual = 2

      %description
      Rich.

      %triggerin -- one, two, one > 2
      true

      %triggerun -- one
      true

      %triggerpostun -p <lua> -- two
      print(1)

      %filetriggerin -- /usr/share/a, /usr/share/b
      true

      %filetriggerun -- /usr/share/a
      true

      %transfiletriggerin -- /usr/share/c
      true

      %files
      """;

  private static final String EMPTY =
      """
      Name: empty
      Version: 1
      Release: 1
      Summary: Nothing
      License: MIT
      BuildArch: noarch

      %description
      Nothing.

      %files
      """;

  private static Path copy(Path database, Path directory) throws IOException {
    return Files.copy(database, Files.createDirectories(directory).resolve("rpmdb.sqlite"));
  }

  private static Command rpm(Path database, String... arguments) {
    return RPM.command("--dbpath", String.valueOf(database.toAbsolutePath().getParent()))
        .and(arguments);
  }

  /// What rpm answers, by question.
  private static Map<String, String> answers(Path database, List<List<String>> questions) {
    Map<String, String> result = new LinkedHashMap<>();
    for (List<String> question : questions) {
      Command.Result answer =
          RPM.runToAnyEnd(rpm(database, question.toArray(String[]::new)).with("TZ", "UTC"));
      String name = String.join(" ", question.subList(0, Math.min(question.size(), 3)));
      result.put(name, answer.exitCode() + " " + answer.text() + answer.errorText());
    }
    return result;
  }

  /// The question OPTION about all names in a table, as rpm itself has it.
  private static List<String> asked(String option, String table) throws SQLException {
    List<String> result = new ArrayList<>(List.of("-q", option));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + theirs);
        var statement = connection.createStatement();
        ResultSet names =
            statement.executeQuery("SELECT DISTINCT key FROM " + table + " ORDER BY key")) {
      while (names.next()) {
        result.add(names.getString(1));
      }
    }
    assertThat(result).as(table).hasSizeGreaterThan(3);
    return result;
  }

  @Test
  void rpmAnswersAsFromItsOwn(@TempDir Path directory) throws IOException, SQLException {
    List<String> requirers = asked("--whatrequires", "Requirename");
    List<List<String>> questions =
        List.of(
            List.of("-qa", "--last"),
            List.of("-qa", "--xml"),
            List.of("-qa", "--triggers"),
            List.of("-qa", "--filetriggers"),
            List.of("-qa", "-lv", "--state"),
            List.of("-qf", "/usr/bin/bash", "/usr/share", "/nothing"),
            List.of("-qg", "Unspecified", "Unknown"),
            requirers,
            asked("--whatprovides", "Providename"),
            asked("--whatconflicts", "Conflictname"),
            asked("--whatrecommends", "Recommendname"),
            asked("--whatsuggests", "Suggestname"));
    Path their = copy(theirs, directory.resolve("their"));
    Path our = copy(ours, directory.resolve("our"));
    RPM.compare("answers of rpm", answers(their, questions), answers(our, questions));

    execute(our, "DELETE FROM Requirename WHERE key = 'libc.so.6(GLIBC_2.34)(64bit)'");
    RPM.distinguishes(
        "an index without a name",
        "answers of rpm",
        answers(their, List.of(requirers)),
        answers(our, List.of(requirers)));
  }

  @Test
  void rpmFindsItWhole(@TempDir Path directory) throws IOException, SQLException {
    Path whole = copy(ours, directory.resolve("whole"));
    RPM.run(rpm(whole, "--verifydb"));
    Path broken = copy(ours, directory.resolve("broken"));
    execute(broken, "DELETE FROM Packages WHERE hnum = 7");
    RPM.rejects("a row that a table refers to in vain", rpm(broken, "--verifydb"));
    RPM.compared(1);
  }

  @Test
  void rebuildingChangesNothing(@TempDir Path directory) throws IOException, SQLException {
    Path rebuilt = copy(ours, directory.resolve("rebuilt"));
    RPM.run(rpm(rebuilt, "--rebuilddb"));
    RPM.compare(
        "rows of the rebuilt database", DatabaseContents.of(rebuilt), DatabaseContents.of(ours));
  }

  @Test
  void rpmErasesAndInstallsOnTop(@TempDir Path directory) throws IOException, SQLException {
    Path their = copy(theirs, directory.resolve("their"));
    Path our = copy(ours, directory.resolve("our"));
    Path figlet =
        DistroPackages.of("apps").stream()
            .filter(file -> file.toString().contains("figlet"))
            .findFirst()
            .orElseThrow();
    for (Path database : List.of(their, our)) {
      RPM.run(rpm(database, "-e", "--justdb", "--noscripts", "--nodeps", "tzdata", "bash"));
      RPM.run(install(database, List.of(figlet)));
      RPM.run(rpm(database, "--verifydb"));
    }
    RPM.compare("rows after an erasure", DatabaseContents.of(their), DatabaseContents.of(our));

    // A number that was given is not given again, by us as by rpm.
    RpmDatabase opened = RpmDatabase.open(our);
    int last = opened.packages().getLast().number();
    // Before figlet came the runtime's packages and a key.
    assertThat(last).isEqualTo(DistroPackages.installed() + 2);
    opened.erase(Set.of(last)).write(our);
    RPM.run(install(our, List.of(figlet)));
    assertThat(RpmDatabase.open(our).packages().getLast().number()).isEqualTo(last + 1);
  }

  @Test
  void rpmVerifiesARootByIt(@TempDir Path directory) throws IOException {
    Path root = directory.resolve("root");
    // Hard links: nothing in it is changed but what is unlinked first.
    Command.of("cp", "-al", Project.distro().resolve("root").toString(), root.toString()).run();
    try {
      Files.delete(root.resolve("usr/share/zoneinfo/UTC"));
      Path changed = root.resolve("etc/os-release");
      Files.deleteIfExists(changed);
      Files.writeString(changed, "changed");
      Map<String, String> their = verified(root, theirs, "-Va");
      assertThat(their.toString()).contains("missing", "/usr/share/zoneinfo/UTC");
      RPM.compare("verified root", their, verified(root, ours, "-Va"));

      Path without = Files.createDirectory(directory.resolve("without")).resolve("rpmdb.sqlite");
      RpmDatabase.open(ours).erase(tzdata()).write(without);
      RPM.distinguishes(
          "a package that is not there",
          "verified root",
          verified(root, theirs, "-V", "tzdata"),
          verified(root, without, "-V", "tzdata"));
    } finally {
      Command.of("rm", "-rf", root.toString()).run();
    }
  }

  private static Set<Integer> tzdata() {
    return RpmDatabase.open(ours).packages().stream()
        .filter(each -> each.nevra().name().equals("tzdata"))
        .map(InstalledPackage::number)
        .collect(Collectors.toSet());
  }

  private static Map<String, String> verified(Path root, Path database, String... arguments)
      throws IOException {
    Path place = root.resolve(DIRECTORY);
    Command.of("rm", "-rf", place.toString()).run();
    copy(database, place);
    Command.Result result =
        RPM.runToAnyEnd(
            RPM.command("--root", root.toString(), "--dbpath", "/" + DIRECTORY).and(arguments));
    return Map.of(
        String.join(" ", arguments), result.exitCode() + " " + result.text() + result.errorText());
  }

  @Test
  void otherJvmsWriteTheSameBytes(@TempDir Path directory) throws IOException {
    byte[] expected = Files.readAllBytes(ours);
    for (String surroundings :
        List.of("-Duser.language=tr -Duser.timezone=Asia/Kolkata", "-Dfile.encoding=ISO-8859-1")) {
      Path again = directory.resolve("again.sqlite");
      List<String> line = new ArrayList<>();
      line.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
      line.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
      line.addAll(List.of(surroundings.split(" ")));
      line.addAll(List.of("-Doverpak.distro=" + Project.distro()));
      line.addAll(List.of("-cp", System.getProperty("java.class.path")));
      line.addAll(List.of(Rewriting.class.getName(), theirs.toString(), again.toString()));
      Command.of(line).with("LC_ALL", "C").run();
      assertThat(Files.readAllBytes(again)).isEqualTo(expected);
      Files.delete(again);
    }
    assertThat(expected[18]).as("no WAL").isEqualTo((byte) 1);
    try (var files = Files.list(ours.getParent())) {
      assertThat(files).containsExactly(ours);
    }
  }

  /// Writes the database once more: arguments are rpm's and the file to write.
  static final class Rewriting {
    private Rewriting() {}

    public static void main(String[] arguments) throws IOException, SQLException {
      theirs = Path.of(arguments[0]);
      writeOurs(Path.of(arguments[1]));
    }
  }
}
