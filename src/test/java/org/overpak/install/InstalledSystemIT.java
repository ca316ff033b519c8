package org.overpak.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.DatabaseContents;
import org.overpak.rpm.FileSelection;
import org.overpak.rpm.PackageFile;
import org.overpak.rpm.RpmBuild;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;

/// Small systems that are installed from nothing: what rpm installs of the same packages, with
/// owners, capabilities and its database. None of them runs a script.
class InstalledSystemIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final long TIME = 1_700_000_000;

  private static final String PACKAGES =
      """
      Name: accounts
      Version: 1
      Release: 1
      Summary: Users, groups and a merged /usr
      License: MIT
      BuildArch: noarch
      AutoReqProv: no
      %description
      Accounts.

      %install
      cd $RPM_BUILD_ROOT
      mkdir -p etc usr/lib usr/bin
      echo 'root:x:0:0::/:/bin/sh' > etc/passwd
      echo 'games:x:5:60::/:/bin/sh' >> etc/passwd
      printf 'root:x:0:\\ngames:x:60:\\nmail:x:8:\\n' > etc/group
      ln -s usr/lib lib
      mkdir -p usr/share/doc/files usr/share/locale/de usr/share/locale/fr usr/share/man/de usr/share/all var/games dev
      for name in setuid unknown capable first plain; do echo $name > usr/bin/$name; done
      ln usr/bin/first usr/bin/second
      ln usr/bin/first usr/bin/third
      for name in README COPYING; do echo $name > usr/share/doc/files/$name; done
      ln usr/bin/first usr/share/doc/files/first
      echo de > usr/share/locale/de/x; echo fr > usr/share/locale/fr/x; echo man > usr/share/man/de/x
      echo both > usr/share/all/both; ln -s both usr/share/all/link
      echo config > etc/files.conf
      echo library > usr/lib/library

      %files
      /etc/passwd
      /etc/group
      /lib
      %dir /usr/lib

      %package -n files
      Summary: Files of all kinds
      Requires(pre): accounts
      %description -n files
      Files.
      %files -n files
      %attr(4755,games,games) /usr/bin/setuid
      %attr(6755,nobody-knows,nobody-knows) /usr/bin/unknown
      %caps(cap_net_raw=ep) /usr/bin/capable
      %attr(2755,root,mail) /usr/bin/plain
      /usr/bin/first
      /usr/bin/second
      /usr/bin/third
      %dir %attr(1770,root,games) /var/games
      %ghost /var/games/scores
      %dir /usr/share/doc/files
      %doc /usr/share/doc/files/README
      %doc /usr/share/doc/files/first
      %license /usr/share/doc/files/COPYING
      %dir /usr/share/locale/de
      %lang(de) /usr/share/locale/de/x
      %dir /usr/share/locale/fr
      %lang(fr) /usr/share/locale/fr/x
      %dir /usr/share/man/de
      %doc %lang(de) /usr/share/man/de/x
      %config(noreplace) /etc/files.conf
      %dir /usr/share/all
      /usr/share/all/both
      /usr/share/all/link
      %attr(0666,root,games) %dev(c,1,3) /dev/null

      %package -n others
      Summary: Shares files, and has one behind a link
      Requires(pre): files
      %description -n others
      Others.
      %files -n others
      %dir /usr/share/all
      /usr/share/all/both
      /usr/share/all/link
      /usr/lib/library

      %package -n nothing
      Summary: No files
      Requires(pre): others
      %description -n nothing
      Nothing.
      %files -n nothing
      """;

  /// In the way of `files`: a file with other content, a directory of another mode.
  private static final String RIVALS =
      """
      Name: rival
      Version: 1
      Release: 1
      Summary: Another file
      License: MIT
      BuildArch: noarch
      %description
      Rival.

      %install
      mkdir -p $RPM_BUILD_ROOT/usr/share/all
      echo other > $RPM_BUILD_ROOT/usr/share/all/both

      %files
      /usr/share/all/both

      %package -n directory
      Summary: Another directory
      %description -n directory
      Directory.
      %files -n directory
      %dir %attr(0700,root,root) /usr/share/all
      """;

  /// Programs of two ELF classes at the same paths: headers suffice.
  private static final String CLASSES =
      """
      Name: classes-NUMBER
      Version: 1
      Release: 1
      Summary: Programs
      License: MIT
      BuildArch: noarch
      AutoReqProv: no
      %description
      Programs.

      %install
      mkdir -p $RPM_BUILD_ROOT/usr/bin
      cd $RPM_BUILD_ROOT/usr/bin
      elf() {
        printf '\\177ELF\\'$1'\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0'$2'\\0\\1\\0\\0\\0' > $3
        head -c 100 /dev/zero >> $3
      }
      elf 2 '\\76' FIRST; elf 1 '\\3' SECOND; elf 2 '\\76' same; elf 1 '\\3' alone
      chmod 755 *

      %files
      /usr/bin/first
      /usr/bin/second
      /usr/bin/same
      /usr/bin/alone
      """;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  private static final Map<String, Path> packages = new HashMap<>();

  @BeforeAll
  static void buildPackages() {
    String one = CLASSES.replace("NUMBER", "one").replace("FIRST", "first");
    String two = CLASSES.replace("NUMBER", "two").replace("FIRST", "second");
    for (String spec :
        List.of(
            PACKAGES, RIVALS, one.replace("SECOND", "second"), two.replace("SECOND", "first"))) {
      for (Path file :
          RpmBuild.buildAll(
              shared.resolve("build" + spec.hashCode()),
              spec,
              "_binaries_in_noarch_packages_terminate_build 0")) {
        packages.put(PackageFile.open(file).header().nevra().name(), file);
      }
    }
  }

  private static List<Path> files(String... names) {
    return List.of(names).stream().map(name -> Objects.requireNonNull(packages.get(name))).toList();
  }

  private InstalledSystem install(FileSelection selection, List<Path> files) throws IOException {
    return InstalledSystem.of(
        new InstalledSystem.Plan(
            files.stream().map(PackageFile::open).toList(),
            selection,
            "x86_64",
            "",
            TransactionRun.Failures.STRICT,
            TIME),
        Files.createTempDirectory(directory, "scratch"),
        () -> {
          throw new AssertionError("nothing is to be run");
        },
        Progress.SILENT);
  }

  private static Command rpm(Path root, List<Path> files, String... options) {
    return RPM.command("--root", root.toString(), "--define", "_db_backend sqlite")
        .and("--dbpath", "/usr/lib/sysimage/rpm", "-i", "--nodeps", "--force-debian")
        .and(options)
        .and(files.stream().map(Path::toString).toArray(String[]::new))
        .with("SOURCE_DATE_EPOCH", Long.toString(TIME));
  }

  private void compare(String subject, FileSelection selection, String... options)
      throws IOException, SQLException {
    compare(
        subject,
        selection,
        files("accounts", "files", "others", "nothing"),
        "/usr/bin/capable",
        options);
  }

  /// @param changed a file that is made different, which must be seen
  private void compare(
      String subject, FileSelection selection, List<Path> files, String changed, String... options)
      throws IOException, SQLException {
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    RPM.run(rpm(theirs, files, options));
    try (InstalledSystem system = install(selection, files)) {
      Path ours = RootListing.unpacked(system, directory);
      Map<String, String> our = RootListing.of(ours);
      RPM.compare(subject, RootListing.of(theirs), our);
      Path database = Path.of("usr/lib/sysimage/rpm/rpmdb.sqlite");
      RPM.compare(
          "database of " + subject,
          DatabaseContents.of(theirs.resolve(database)),
          DatabaseContents.of(ours.resolve(database)));
      Files.setPosixFilePermissions(
          ours.resolve(changed.substring(1)), PosixFilePermissions.fromString("rwxrwxrwx"));
      RPM.distinguishes("another mode", subject, RootListing.of(theirs), RootListing.of(ours));
    }
  }

  @Test
  void allFiles() throws IOException, SQLException {
    compare("a small system", FileSelection.ALL);
  }

  @Test
  void withoutDocumentationAndForOneLanguage() throws IOException, SQLException {
    compare(
        "a small system in French",
        new FileSelection(false, List.of("fr_FR.UTF-8")),
        "--excludedocs",
        "--define",
        "_install_langs fr_FR.UTF-8");
  }

  @Test
  void ofTwoProgramsTheOneOf64BitsIsThere() throws IOException, SQLException {
    compare(
        "programs of two classes",
        FileSelection.ALL,
        files("classes-one", "classes-two"),
        "/usr/bin/first");
  }

  @Test
  void differentFilesAtOnePathAreRefused() throws IOException {
    refused("/usr/share/all/both", "rival");
  }

  @Test
  void directoriesOfDifferentModesAreRefused() throws IOException {
    refused("/usr/share/all", "directory");
  }

  private void refused(String path, String rival) throws IOException {
    List<Path> files = files("accounts", "files", rival);
    Path root = Files.createDirectory(directory.resolve("theirs"));
    assertThat(RPM.rejects("packages with different files", rpm(root, files)).errorText())
        .contains("file " + path, "files-1-1.noarch", rival + "-1-1.noarch");
    assertThatThrownBy(() -> install(FileSelection.ALL, files))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PACKAGE))
        .hasMessageContainingAll("files-1-1.noarch", rival + "-1-1.noarch", path + ",");
  }
}
