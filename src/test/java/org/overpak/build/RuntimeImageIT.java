package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;
import org.overpak.testing.BuildahStore;
import org.overpak.testing.Command;
import org.overpak.testing.DnfRoot;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The image of a runtime that Overpak built, as a system: the rpm and the dnf in it find what they
/// find in a root where dnf installed the same packages, and what the image treats in its own way.
class RuntimeImageIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final Judge DNF = Judge.of("dnf");

  private static final String REPOSITORY =
      " -y --setopt=reposdir=/none --repofrompath=base,file:///distro/repos/base --nogpgcheck ";

  private static final Pattern VERIFIED = Pattern.compile("(\\S{9}|missing) +(?:[a-z] )?(/.*)");

  private static final TreePath REPOSITORIES = new TreePath("etc/yum.repos.d");

  @TempDir private static Path shared;

  private static NativeRuntime runtime;
  private static BuildahStore buildah;

  /// Of the runtime's image.
  private static String image = "";

  /// dnf's, with the spec's cleanup.
  private static DnfRoot theirs;

  /// Who is in dnf's lists of accounts, beside root.
  private static Set<String> users = Set.of();

  private static Set<String> groups = Set.of();
  private static Map<String, String> theirAnswers = Map.of();

  private String container = "";

  /// The container's, as a program sees it that runs in it.
  private Path root = Path.of("");

  @BeforeAll
  static void makeRoots() throws IOException {
    runtime = NativeRuntime.make();
    buildah = new BuildahStore(shared, "overlay");
    ImageName.Layout layout = runtime.built().image().layout();
    image =
        buildah
            .run("pull", "--quiet", "oci:" + layout.directory() + ":" + layout.reference())
            .strip();
    theirs = DnfRoot.install(shared, runtime.repositoryOptions(), List.of(NativeRuntime.ODD));
    addNull(theirs.path());
    inside(theirs.path(), NativeRuntime.CLEANUP);
    users = accounts("passwd");
    groups = accounts("group");
    theirAnswers = answers(theirs.path());
  }

  private static Set<String> accounts(String list) throws IOException {
    try (var lines = Files.lines(theirs.path().resolve("etc").resolve(list))) {
      return lines
          .map(line -> line.split(":", 2)[0])
          .filter(name -> !name.equals("root"))
          .collect(Collectors.toSet());
    }
  }

  /// JUnit would warn of each link in a container that it deletes.
  @AfterAll
  static void removeRoots() {
    theirs.close();
    buildah.close();
    Command.of("rm", "-rf", shared.resolve("store").toString()).run();
  }

  @BeforeEach
  void start() {
    container = buildah.run("from", "--pull-never", image).strip();
    root = Path.of(buildah.run("mount", container).strip());
    addNull(root);
  }

  @AfterEach
  void remove() {
    buildah.run("umount", container);
    buildah.run("rm", container);
  }

  /// The one device that programs cannot do without: SQLite opens it where there is no input.
  private static void addNull(Path system) {
    Command.of("cp", "--archive", "/dev/null", system.resolve("dev").toString()).run();
  }

  /// What SCRIPT says in the system at SYSTEM, and nothing of this machine there.
  private static String inside(Path system, String script) {
    return RPM.run(Command.of("chroot", system.toString(), "sh", "-ec", script)).text();
  }

  /// SCRIPT in the container with all that an engine gives it; the test distribution is `/distro`.
  private String[] run(String script) {
    return new String[] {
      "run", "-v", Project.distro() + ":/distro:ro", container, "--", "sh", "-ec", script
    };
  }

  private static Map<String, String> byLine(Stream<String> lines) {
    return lines.collect(
        Collectors.toMap(Function.identity(), _ -> "there", (a, _) -> a, TreeMap::new));
  }

  private static Map<String, String> installed(Path system) {
    return byLine(
        inside(system, "rpm -qa --qf '%{NEVRA}\\n'")
            .lines()
            .filter(line -> !line.startsWith("gpg-pubkey-")));
  }

  /// What rpm answers in SYSTEM: who requires and who provides what packages require, and what
  /// triggers are whose; twenty at a time, since starting rpm takes longer than asking.
  private static Map<String, String> answers(Path system) {
    Map<String, String> result = new TreeMap<>();
    String script =
        """
        export LC_ALL=C.UTF-8
        ask() {
          sort -u | xargs -d '\\n' -n 20 bash -c 'echo "= $0 $*"; rpm -q $0 "$@" | sort' $1
        }
        for kind in --whatrequires --whatprovides; do
          rpm -qa --qf '[%{REQUIRENAME}\\n]' | ask $kind
        done
        for kind in --triggers --filetriggers; do
          rpm -qa --qf '%{NAME}\\n' | grep -v gpg-pubkey | ask $kind
        done
        """;
    for (String answer : inside(system, script).split("(?m)^= ", -1)) {
      String[] parts = answer.split("\n", 2);
      result.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return result;
  }

  @Test
  void itsDatabaseAnswersAsDnfsDoes() throws IOException {
    Map<String, String> plan =
        byLine(runtime.built().selection().added().stream().map(added -> added.nevra().toString()));
    assertThat(plan.size()).isGreaterThan(250);
    Map<String, String> inside = installed(root);
    RPM.compare("packages of the image", inside, plan);
    assertThat(inside).isEqualTo(installed(theirs.path()));
    inside(root, "rpmdb --verifydb");

    Map<String, String> answers = answers(root);
    assertThat(answers.keySet()).anyMatch(asked -> asked.startsWith("--whatprovides"));
    assertThat(answers.values())
        .anyMatch(said -> said.contains("triggerin scriptlet (using /bin/sh) -- bash, coreutils"))
        .anyMatch(said -> said.contains("transfiletriggerin scriptlet"))
        .anyMatch(said -> said.contains("no package requires"));
    RPM.compare("answers from the image's database", theirAnswers, answers);

    // A row that is missing shows, and is made again from the headers.
    String delete = "delete from Requirename where rowid = (select min(rowid) from Requirename)";
    inside(root, "sqlite3 /usr/lib/sysimage/rpm/rpmdb.sqlite '" + delete + "'");
    RPM.distinguishes(
        "a missing row", "answers from the image's database", theirAnswers, answers(root));
    // rpm renames the directory, which overlayfs refuses for one of a lower layer.
    inside(
        root,
        "cd /usr/lib/sysimage; cp -a rpm copy; rm -r rpm; mv copy rpm; cd /; rpmdb --rebuilddb");
    RPM.compare("answers from the database built anew", theirAnswers, answers(root));
    assertThat(installed(root)).isEqualTo(inside);

    Path database = root.resolve("usr/lib/sysimage/rpm/rpmdb.sqlite");
    byte[] bytes = Files.readAllBytes(database);
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
    Files.write(database, bytes);
    RPM.rejects(
        "a database whose second half is lost",
        Command.of("chroot", root.toString(), "rpmdb", "--verifydb"));
  }

  @Test
  void dnfInstallsAndRemovesOnTop() {
    Map<String, String> before = installed(root);
    buildah.run(run("dnf check"));
    DNF.compared(before.size());
    String install = "dnf" + REPOSITORY + "install tree; tree --version; rpm -V tree; dnf check";
    assertThat(buildah.run(run(install))).contains("tree v");
    assertThat(installed(root)).hasSize(before.size() + 1).containsAllEntriesOf(before);
    buildah.run(run("dnf" + REPOSITORY + "remove tree; dnf check; rpmdb --verifydb"));
    DNF.compare("packages after installing and removing", installed(root), before);
    assertThat(root.resolve("usr/bin/tree")).doesNotExist();
    buildah.rejects("a package that there is not", run("dnf" + REPOSITORY + "install no-such"));
    inside(root, "rpm --erase --nodeps libjbig0");
    buildah.rejects("a system without a library that it needs", run("dnf check"));
  }

  @Test
  void rpmFindsWhatTheImageTreatsInItsOwnWay() throws IOException {
    Map<String, String> expected = expected();
    assertThat(expected.size()).isGreaterThan(5_000);
    assertThat(expected)
        .containsEntry("/etc/odd-outside", "....L....")
        .containsEntry("/usr/share/zoneinfo/right/UTC", "missing")
        .doesNotContainKeys("/usr/share/odd/fr/text", "/usr/share/doc/odd/README");
    Map<String, String> found = verified(root, "-Va");
    RPM.compare("what rpm finds changed in the image", expected, found);

    Path file = root.resolve("usr/lib/os-release");
    Files.writeString(file, Files.readString(file).replace("Overpak", "0verpak"));
    found.putAll(verified(root, "-Vf", "/usr/lib/os-release"));
    RPM.distinguishes(
        "a file that has changed", "what rpm finds changed in the image", expected, found);
  }

  /// What rpm, verifying, says of each path: a letter for each thing that differs, or that it is
  /// missing.
  private static Map<String, String> verified(Path system, String... what) {
    Map<String, String> result = new TreeMap<>();
    var all = RPM.runToAnyEnd(Command.of("chroot", system.toString(), "rpm").and(what));
    for (String line : all.lines()) {
      Matcher matcher = VERIFIED.matcher(line);
      assertThat(matcher.matches()).as(line).isTrue();
      result.merge(matcher.group(2), matcher.group(1), RuntimeImageIT::both);
    }
    return result;
  }

  /// Of a path that several packages have, differently.
  private static String both(String one, String other) {
    return Stream.of(one, other).distinct().sorted().collect(Collectors.joining(" and "));
  }

  /// A file as its package describes it.
  ///
  /// @param flags rpmfi.h: `rpmfileAttrs`
  /// @param verified rpmverify.h: `rpmVerifyAttrs`, what is looked at
  private record Packaged(
      long flags,
      int mode,
      long modified,
      String user,
      String group,
      String capabilities,
      String languages,
      long verified,
      String path) {
    static final String FORM =
        Stream.of(
                "FILEFLAGS",
                "FILEMODES",
                "FILEMTIMES",
                "FILEUSERNAME",
                "FILEGROUPNAME",
                "FILECAPS",
                "FILELANGS",
                "FILEVERIFYFLAGS",
                "FILENAMES")
            .map("%%{%s}"::formatted)
            .collect(Collectors.joining("|", "[", "\\n]"));

    static Packaged parse(String line) {
      String[] words = line.split("\\|", 9);
      return new Packaged(
          Long.parseLong(words[0]),
          Integer.parseInt(words[1]),
          Long.parseLong(words[2]),
          words[3],
          words[4],
          words[5],
          words[6],
          Long.parseLong(words[7]),
          words[8]);
    }

    /// Neither documentation nor in another language, but every licence.
    boolean isInstalled() {
      boolean doc = (flags & 1 << 1) != 0;
      boolean license = (flags & 1 << 7) != 0;
      boolean understood = languages.isEmpty() || languages.equals("de");
      return license || (!doc && understood);
    }

    /// `%ghost`, `%config(missingok)`.
    boolean mayBeMissing() {
      return (flags & (1 << 3 | 1 << 6)) != 0;
    }

    boolean isGhost() {
      return (flags & 1 << 6) != 0;
    }
  }

  /// What rpm must find, from what it says in dnf's root: `/usr` and `/etc` are as they are there,
  /// but for owners, modes, times and capabilities, for repositories, and for links out of `/etc`
  /// (the dynamic linker's configuration thinks of `/app` already); of all else there is what the
  /// layout has. Who is in no list of accounts is root for rpm.
  private static Map<String, String> expected() {
    Map<String, String> inTheirs = verified(theirs.path(), "-Va");
    FileTree tree = FileTree.ofDirectory(theirs.path());
    Ref ref = runtime.built().image().ref();
    FileTree layout =
        HybridLayout.systemRoot(
            CommitTree.ofRuntime(
                tree.subtree(new TreePath("usr")), Metadata.ofRuntime(ref, ref), 0));
    Map<String, String> result = new TreeMap<>();
    String files = inside(theirs.path(), "rpm -qa --qf '" + Packaged.FORM + "'");
    files
        .lines()
        .filter(line -> !line.contains("(contains no files)"))
        .map(Packaged::parse)
        .filter(Packaged::isInstalled)
        .forEach(
            file -> {
              String said = inTheirs.getOrDefault(file.path(), ".........");
              var path = new TreePath(file.path().substring(1));
              FileTree system = isKept(path) ? tree : layout;
              String expected =
                  system
                      .get(system.resolveParents(path))
                      .filter(_ -> !path.parent().equals(REPOSITORIES))
                      .map(entry -> difference(file, path, entry, said))
                      .orElse(file.mayBeMissing() ? "" : "missing");
              if (!expected.replace(".", "").isEmpty()) {
                result.merge(file.path(), expected, RuntimeImageIT::both);
              }
            });
    return result;
  }

  private static boolean isKept(TreePath path) {
    return path.startsWith(new TreePath("usr")) || path.startsWith(new TreePath("etc"));
  }

  /// @param said by rpm of the file in dnf's root
  private static String difference(Packaged file, TreePath path, Entry entry, String said) {
    boolean regular = entry instanceof Entry.RegularFile;
    int mode = 0755;
    if (regular) {
      mode = (entry.attributes().mode() & 0100) == 0 ? 0644 : 0755;
    } else if (!isKept(path)) {
      mode = entry.attributes().mode();
    }
    boolean leadsOut = entry instanceof Entry.Symlink link && leadsOut(path, link.target());
    var letters = new StringBuilder();
    add(letters, file, 1, 'S', said.contains("S"));
    add(letters, file, 6, 'M', !(entry instanceof Entry.Symlink) && (file.mode() & 07777) != mode);
    add(letters, file, 0, '5', said.contains("5"));
    add(letters, file, 7, 'D', said.contains("D"));
    add(letters, file, 2, 'L', said.contains("L") || leadsOut);
    add(letters, file, 3, 'U', users.contains(file.user()));
    add(letters, file, 4, 'G', groups.contains(file.group()));
    boolean timed = regular && !file.isGhost();
    add(letters, file, 5, 'T', timed && file.modified() != NativeRuntime.TIME);
    boolean capable = !List.of("", "(none)").contains(file.capabilities());
    add(letters, file, 8, 'P', regular && capable);
    return letters.toString();
  }

  /// @param bit of what %verify may leave out
  private static void add(
      StringBuilder letters, Packaged file, int bit, char letter, boolean differs) {
    letters.append(differs && (file.verified() & 1L << bit) != 0 ? letter : '.');
  }

  /// Such links are absolute in the image, whose `/etc` is elsewhere.
  private static boolean leadsOut(TreePath path, String target) {
    Path from = Path.of("/" + path.parent().value());
    return path.startsWith(new TreePath("etc"))
        && !target.startsWith("/")
        && !from.resolve(target).normalize().startsWith("/etc");
  }
}
