package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.overpak.Progress;
import org.overpak.build.Finding.Point;
import org.overpak.build.Finding.Verdict;
import org.overpak.flatpak.Metadata;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
import org.overpak.testing.BuildahStore;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The test distribution's runtime has all that dnf needs; a copy in which one thing is broken is
/// found to lack exactly that.
class RuntimeCheckIT {
  private static final String DATABASE = "files/lib/sysimage/rpm/rpmdb.sqlite";

  /// What a check looks at; the rest would only have to be compressed.
  private static final List<String> KEPT =
      List.of(
          "files/bin/dnf",
          "files/bin/python3",
          "files/lib/rpm/macros",
          "files/lib/sysimage/rpm",
          "files/lib/os-release",
          "files/etc/os-release",
          "files/etc/rpm",
          "files/etc/yum.repos.d",
          "files/etc/ssl");

  private static @Nullable FileTree small;

  private final WrittenImage runtime = TestFlatpaks.make().runtime().image();

  @TempDir private Path directory;

  private CheckedRuntime check(ImageName name) {
    return RuntimeCheck.run(name, directory.resolve("cache"), Progress.SILENT);
  }

  private static Map<Point, Verdict> verdicts(CheckedRuntime checked) {
    return checked.findings().stream()
        .collect(Collectors.toMap(Finding::point, Finding::verdict, (_, b) -> b, TreeMap::new));
  }

  @Test
  void theRuntimeOfTheTestDistributionHasAllThatIsNeeded() throws IOException {
    CheckedRuntime checked = check(runtime.name());
    assertThat(checked.isUsable()).isTrue();
    assertThat(verdicts(checked).keySet()).containsExactly(Point.values());
    assertThat(verdicts(checked).values()).containsOnly(Verdict.GOOD);

    // What we say of it is what its own programs say.
    BuildahStore buildah = new BuildahStore(directory, "overlay");
    String container =
        buildah
            .run("from", "oci:" + runtime.layout().directory() + ":" + runtime.layout().reference())
            .strip();
    try {
      Map<String, String> theirs = new HashMap<>();
      theirs.put(
          "%_dbpath", buildah.run("run", container, "--", "rpm", "--eval", "%_dbpath").strip());
      theirs.put(
          "packages",
          buildah
              .run("run", container, "--", "sh", "-c", "rpm -qa | grep -vc ^gpg-pubkey")
              .strip());
      theirs.put(
          "releasever",
          buildah
              .run(
                  "run",
                  container,
                  "--",
                  "python3",
                  "-c",
                  "import dnf.rpm; print(dnf.rpm.detect_releasever('/'))")
              .strip());
      Map<String, String> ours = new HashMap<>();
      for (Finding finding : checked.findings()) {
        switch (finding.point()) {
          case MACROS -> ours.put("%_dbpath", finding.what().replace("%_dbpath is ", ""));
          case DATABASE -> ours.put("packages", finding.what().replaceFirst(" .*", ""));
          case RELEASEVER -> ours.put("releasever", finding.what());
          default -> {}
        }
      }
      buildah.judge().compare("what a check finds", theirs, ours);
    } finally {
      buildah.run("rm", container);
      org.overpak.testing.Command.of("rm", "-rf", directory.resolve("store").toString()).run();
    }
  }

  /// A change that breaks one thing.
  record Breakage(String name, UnaryOperator<FileTree> change, Point point, Verdict verdict)
      implements Arguments {
    @Override
    public Object[] get() {
      return new Object[] {this};
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Breakage wrong(String name, UnaryOperator<FileTree> change, Point point) {
    return new Breakage(name, change, point, Verdict.WRONG);
  }

  private static UnaryOperator<FileTree> without(String... paths) {
    return tree -> {
      FileTree result = tree;
      for (String path : paths) {
        result = result.without(new TreePath(path));
      }
      return result;
    };
  }

  private static UnaryOperator<FileTree> with(String path, Entry entry) {
    return tree -> tree.with(new TreePath(path), entry);
  }

  private static Entry file(String text) {
    return new Entry.RegularFile(Attributes.of(0644, 0), Content.of(text));
  }

  private static Entry link(String target) {
    return new Entry.Symlink(Attributes.of(0777, 0), target);
  }

  static Stream<Breakage> breakages() {
    return Stream.of(
        wrong("the plain layout", tree -> plain(tree), Point.LAYOUT),
        wrong("usr leads elsewhere", with("usr", link("elsewhere")), Point.LAYOUT),
        wrong("no package manager", without("files/bin/dnf"), Point.MANAGER),
        wrong("a manager without Python", without("files/bin/python3"), Point.MANAGER),
        wrong("a manager that nobody may run", with("files/bin/dnf", file("")), Point.MANAGER),
        wrong("no database", without("files/lib/sysimage/rpm"), Point.DATABASE),
        wrong("a damaged database", with(DATABASE, file("SQLite format 3\0")), Point.DATABASE),
        wrong("a database of ndb", RuntimeCheckIT::ndb, Point.DATABASE),
        wrong("a database in WAL mode", RuntimeCheckIT::wal, Point.PARKED),
        wrong("changes beside the database", with(DATABASE + "-wal", file("x")), Point.PARKED),
        wrong(
            "a database path to nowhere",
            with("files/etc/rpm/macros", file("%_dbpath /usr/share/elsewhere\n")),
            Point.MACROS),
        wrong("no macros", without("files/lib/rpm/macros", "files/etc/rpm"), Point.MACROS),
        wrong(
            "no os-release",
            without("files/lib/os-release", "files/etc/os-release"),
            Point.RELEASE),
        new Breakage(
            "an os-release that says nothing",
            with("files/lib/os-release", file("NAME=x\n")),
            Point.RELEASE,
            Verdict.DOUBTFUL),
        new Breakage(
            "no release package",
            RuntimeCheckIT::withoutRelease,
            Point.RELEASEVER,
            Verdict.DOUBTFUL),
        wrong("no /var/cache", without("var/cache"), Point.DIRECTORIES),
        wrong("no /tmp", without("tmp"), Point.DIRECTORIES),
        wrong("no certificates", without("files/etc/ssl"), Point.CERTIFICATES),
        wrong(
            "an empty bundle",
            with("files/etc/ssl/certs/ca-certificates.crt", file("")),
            Point.CERTIFICATES),
        wrong(
            "resolv.conf leads to nowhere",
            with("files/etc/resolv.conf", link("../run/systemd/resolve/stub-resolv.conf")),
            Point.RESOLVER),
        wrong(
            "resolv.conf leads to itself",
            with("files/etc/resolv.conf", link("resolv.conf")),
            Point.RESOLVER),
        wrong(
            "no directory for repositories", without("files/etc/yum.repos.d"), Point.REPOSITORIES),
        new Breakage("no keys", RuntimeCheckIT::withoutKeys, Point.KEYS, Verdict.DOUBTFUL));
  }

  private static FileTree plain(FileTree tree) {
    return tree.filter(
        (path, _) -> path.value().startsWith("files") || path.value().equals("metadata"));
  }

  private static FileTree ndb(FileTree tree) {
    return tree.without(new TreePath(DATABASE))
        .with(new TreePath("files/lib/sysimage/rpm/Packages.db"), file("RpmP".repeat(8)));
  }

  private static FileTree wal(FileTree tree) {
    byte[] bytes = bytes(tree);
    bytes[18] = 2;
    bytes[19] = 2;
    return withDatabase(tree, bytes);
  }

  private static FileTree withoutRelease(FileTree tree) {
    return withDatabase(tree, sqlite(tree, "'base-files'"));
  }

  private static FileTree withoutKeys(FileTree tree) {
    return withDatabase(tree, sqlite(tree, "'gpg-pubkey'"));
  }

  /// The database without the packages of these names.
  private static byte[] sqlite(FileTree tree, String names) {
    try {
      Path file = Files.write(Files.createTempFile("overpak", ".sqlite"), bytes(tree));
      try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
          var statement = connection.createStatement()) {
        statement.execute(
            "DELETE FROM Packages WHERE hnum IN (SELECT hnum FROM Name WHERE key IN (%s))"
                .formatted(names));
        return Files.readAllBytes(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException | java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(FileTree tree) {
    try {
      return ((Entry.RegularFile) tree.get(DATABASE).orElseThrow()).content().readAll();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static FileTree withDatabase(FileTree tree, byte[] bytes) {
    return tree.with(
        new TreePath(DATABASE), new Entry.RegularFile(Attributes.of(0644, 0), Content.of(bytes)));
  }

  @ParameterizedTest
  @MethodSource("breakages")
  void whatIsBrokenIsFoundAndNothingElse(Breakage breakage) {
    FileTree broken = breakage.change().apply(small());
    var name = new ImageName.Layout(directory.resolve("broken"), "broken");
    try (var work = WorkDirectory.in(directory.resolve("cache"))) {
      new CommitImage(
              runtime.ref(),
              Metadata.parse("[Runtime]\nname=org.overpak.testing.Platform\n", "test"),
              broken,
              0,
              ImageConfig.Execution.NONE)
          .writeInto(name, LayerCompression.DEFAULT, List.of(), work, Progress.SILENT);
    }
    List<Finding> found =
        check(name).findings().stream()
            .filter(finding -> finding.verdict() != Verdict.GOOD)
            .toList();
    // Without the links of the hybrid layout nothing is where it must be.
    if (breakage.point() != Point.LAYOUT) {
      assertThat(found).extracting(Finding::point).containsExactly(breakage.point());
    }
    assertThat(found)
        .anySatisfy(
            finding -> {
              assertThat(finding.point()).isEqualTo(breakage.point());
              assertThat(finding.verdict()).isEqualTo(breakage.verdict());
              assertThat(finding.what()).isNotEmpty();
              assertThat(finding.advice()).endsWith(".");
            });
  }

  /// The runtime without what no check looks at, in memory.
  private static synchronized FileTree small() {
    FileTree result = small;
    if (result == null) {
      result =
          ImageLayout.open(TestFlatpaks.make().runtime().image().layout())
              .readTree(RuntimeCheckIT::isKept, Progress.SILENT)
              .filter((path, _) -> !path.value().startsWith("files/") || isKept(path));
      small = result;
    }
    return result;
  }

  private static boolean isKept(TreePath path) {
    return KEPT.stream().anyMatch(path.value()::startsWith);
  }
}
