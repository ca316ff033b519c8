package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.install.InstalledSystem;
import org.overpak.install.TransactionRun;
import org.overpak.oci.Compression;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
import org.overpak.oci.LayerFormat;
import org.overpak.oci.LayerWriter;
import org.overpak.rpm.DatabaseContents;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The system that a runtime is made of, before it becomes an image: what dnf installs of the same
/// packages.
class RuntimeBuildIT {
  private static final Judge DNF = Judge.of("dnf");
  private static final Judge RPM = Judge.of("rpm");

  private static final Path DATABASE = Path.of("usr/lib/sysimage/rpm");

  @TempDir private static Path shared;

  private static @Nullable BuiltRuntime built;

  /// Ours, unpacked by root from a tar.
  private static Path root = Path.of("");

  private static Map<String, String> listing = Map.of();

  /// What no script has touched.
  private static final Set<TreePath> unchanged = new HashSet<>();

  private static List<Path> packages = List.of();

  @BeforeAll
  static void build() throws IOException {
    root = Files.createDirectory(shared.resolve("root"));
    built =
        RuntimeBuild.run(
            new RuntimeBuild.Request(
                NativeRuntime.spec(List.of(), "", "documentation: true"),
                shared,
                "",
                new RepositoryChoice(
                    List.of(new RepositoryOption.ConfigFile(Project.distro().resolve("base.repo"))),
                    Set.of()),
                TransactionRun.Failures.STRICT,
                false,
                new ImageName.Layout(shared.resolve("image"), ""),
                LayoutChoice.HYBRID,
                shared.resolve("cache"),
                OptionalLong.of(NativeRuntime.TIME)),
            Progress.SILENT,
            RuntimeBuildIT::unpack);
    Path repository = Project.distro().resolve("repos/base");
    packages =
        Objects.requireNonNull(built).selection().added().stream()
            .map(added -> repository.resolve(added.metadata().href()))
            .sorted()
            .toList();
  }

  private static void unpack(InstalledSystem system) {
    system.parts().forEach(unchanged::addAll);
    listing = lines(system.root());
    var layer =
        new LayerWriter(
                new LayerFormat(
                    LayerCompression.of(Compression.GZIP),
                    Instant.ofEpochSecond(NativeRuntime.TIME)))
            .write(List.of(system.root()), shared, Progress.SILENT);
    Command.of(
            "tar",
            "--extract",
            "--gzip",
            "--same-owner",
            "--same-permissions",
            "--numeric-owner",
            "--xattrs",
            "--xattrs-include=*",
            "--file",
            layer.file().toString(),
            "--directory",
            root.toString())
        .run();
  }

  @AfterAll
  static void remove() {
    Command.of("rm", "-rf", root.toString()).run();
  }

  /// Type, mode, owner, and content or target of each entry, and the time of packages' files.
  private static Map<String, String> lines(FileTree tree) {
    Map<String, String> result = TreeListing.of(tree);
    result.replaceAll(
        (path, line) -> {
          var at = new TreePath(path.substring(1));
          Entry entry = tree.get(at).orElseThrow();
          var owner = entry.attributes().owner();
          boolean timed = unchanged.contains(at) && !(entry instanceof Entry.Directory);
          return "%s %d:%d %s"
              .formatted(
                  line, owner.uid(), owner.gid(), timed ? entry.attributes().modified() : "");
        });
    return result;
  }

  @Test
  void theRootIsWhatDnfInstalls() {
    Map<String, String> theirs = lines(FileTree.ofDirectory(Project.distro().resolve("root")));
    Map<String, String> ours = lines(FileTree.ofDirectory(root));
    assertThat(ours).isEqualTo(listing);
    DNF.compare("installed root", theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.computeIfPresent("/var/mail", (_, line) -> line.replace("0:8", "0:0"));
    DNF.distinguishes("an owner that is unknown", "installed root", theirs, wrong);
  }

  @Test
  void rpmFindsItWhole() throws IOException {
    assertThat(verified(root)).isEqualTo(verified(Project.distro().resolve("root")));
    RPM.compared(packages.size());
    Path file = root.resolve("usr/lib/os-release");
    String content = Files.readString(file);
    Files.writeString(file, content.replace("Overpak", "0verpak"));
    assertThat(verified(root)).contains("..5....T.    /usr/lib/os-release");
    RPM.rejected("a file that has changed");
    Files.writeString(file, content);
    Files.setLastModifiedTime(
        file, Files.getLastModifiedTime(Project.distro().resolve("root/usr/lib/os-release")));
  }

  private static List<String> verified(Path system) {
    return RPM.runToAnyEnd(
            RPM.command("--root", system.toString(), "--dbpath", "/" + DATABASE, "-Va"))
        .lines();
  }

  @Test
  void everyRowOfTheDatabaseIsRpms() throws IOException, SQLException {
    assertThat(packages).hasSizeGreaterThan(250);
    Path theirs = Files.createDirectory(shared.resolve("rpmdb"));
    Command install =
        RPM.command("--dbpath", theirs.toString(), "-i", "--justdb", "--noscripts")
            .and("--notriggers", "--nodeps", "--force-debian")
            .and(packages.stream().map(Path::toString).toArray(String[]::new))
            .with("SOURCE_DATE_EPOCH", Long.toString(NativeRuntime.TIME));
    RPM.run(install);
    Map<String, String> their = DatabaseContents.of(theirs.resolve("rpmdb.sqlite"));
    Map<String, String> our = DatabaseContents.of(root.resolve(DATABASE).resolve("rpmdb.sqlite"));
    RPM.compare("rows of the runtime's database", their, our);
    our.remove(List.copyOf(our.keySet()).getLast());
    RPM.distinguishes("a missing row", "rows of the runtime's database", their, our);
  }
}
