package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.CommitTree;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.rpm.RpmBuild;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.DnfRoot;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Apps whose packages bring scripts and triggers: `/app` is what dnf leaves there.
class ScriptedAppIT {
  private static final Judge DNF = Judge.of("dnf");

  @TempDir private static Path shared;
  private static Path repository = Path.of("");

  @TempDir private Path directory;

  private final TestFlatpaks flatpaks = TestFlatpaks.make();

  /// In the place of a key: scripts are run twice.
  private static final String VERIFY = "# verify";

  /// Each of its packages is for one test.
  private static final String PACKAGES =
      """
      Name: scripts
      Version: 1
      Release: 1
      Summary: Scripts
      License: MIT
      BuildArch: noarch
      AutoReqProv: no
      %description
      Scripts.

      %install
      cd $RPM_BUILD_ROOT
      mkdir -p app/share/scripts
      for name in shell lua macros own argument chowns fails prefails strays random; do
        echo $name > app/share/scripts/$name
      done

      %package -n scripts-random
      Summary: Never the same
      %description -n scripts-random
      Random.
      %files -n scripts-random
      /app/share/scripts/random
      %post -n scripts-random
      head -c 8 /dev/urandom > /app/share/scripts/id; echo same > /app/share/scripts/same

      %package -n scripts-shell
      Summary: Shell in all places
      Requires(post): coreutils
      %description -n scripts-shell
      Shell.
      %files -n scripts-shell
      /app/share/scripts/shell
      %pretrans -n scripts-shell
      mkdir -p /app/log; echo "pretrans $* $(pwd) $(umask) $PATH" >> /app/log/shell; ls /app >> /app/log/shell
      %pre -n scripts-shell
      echo "pre $*" >> /app/log/shell
      %post -n scripts-shell
      echo "post $* $(cat /app/share/scripts/shell)" >> /app/log/shell
      ln -s shell /app/share/scripts/link
      %posttrans -n scripts-shell
      echo "posttrans $*" >> /app/log/shell; chmod 0600 /app/share/scripts/shell
      %triggerin -n scripts-shell -- bash
      echo "triggerin $*" >> /app/log/shell
      %filetriggerin -n scripts-shell -- /app/share
      echo "filetriggerin $*" >> /app/log/shell; cat >> /app/log/shell
      %transfiletriggerin -n scripts-shell -- /app/share /usr/share/base-files
      echo "transfiletriggerin $*" >> /app/log/shell; cat >> /app/log/shell

      %package -n scripts-lua
      Summary: Lua
      Requires(post): scripts-macros
      OrderWithRequires: scripts-macros
      %description -n scripts-lua
      Lua.
      %files -n scripts-lua
      /app/share/scripts/lua
      %post -n scripts-lua -p <lua>
      posix.mkdir("/app/log")
      local log = io.open("/app/log/lua", "a")
      log:write("post ", #arg, " ", arg[1], " ", arg[2] + 1, " ", posix.getcwd(), "\\n")
      log:write(rpm.expand("%{_libdir}"), " ", posix.stat("/app/share/scripts/lua", "type"), "\\n")
      log:close()
      posix.symlink("lua", "/app/share/scripts/lua-link")
      assert(rpm.vercmp("1.0", "1.1") == -1)
      %transfiletriggerin -n scripts-lua -p <lua> -- /app/share/scripts
      local log = io.open("/app/log/lua", "a")
      log:write("trigger ", tostring(arg[2]), "\\n")
      local file = rpm.next_file()
      while file do
        log:write(file, "\\n")
        file = rpm.next_file()
      end
      log:close()

      %package -n scripts-macros
      Summary: Macros
      %description -n scripts-macros
      Macros.
      %files -n scripts-macros
      /app/share/scripts/macros
      %post -n scripts-macros -e
      mkdir -p /app/log; echo "%%{_libdir} $1 100%%%%" > /app/log/macros
      %posttrans -n scripts-macros -p <lua> -e
      local log = io.open("/app/log/macros", "a"); log:write("%%{_bindir}\\n"); log:close()

      %package -n scripts-interpreter
      Summary: An interpreter alone
      %description -n scripts-interpreter
      Interpreter.
      %files -n scripts-interpreter
      /app/share/scripts/own
      %post -n scripts-interpreter -p /bin/true
      %pre -n scripts-interpreter -p "/bin/bash -u"
      mkdir -p /app/log; echo "bash $BASH_VERSINFO $-" > /app/log/interpreter

      %package -n scripts-strays
      Summary: Writes everywhere
      %description -n scripts-strays
      Strays.
      %files -n scripts-strays
      /app/share/scripts/strays
      %post -n scripts-strays
      mkdir -p /var/lib/strays/empty; echo x > /var/lib/strays/state; rm /etc/hosts

      %package -n scripts-fails
      Summary: Fails
      %description -n scripts-fails
      Fails.
      %files -n scripts-fails
      /app/share/scripts/fails
      %post -n scripts-fails
      echo about to fail; echo why >&2; exit 3

      %package -n scripts-prefails
      Summary: Fails before
      %description -n scripts-prefails
      Fails before.
      %files -n scripts-prefails
      /app/share/scripts/prefails
      %pre -n scripts-prefails
      exit 5

      %package -n scripts-chowns
      Summary: Changes an owner
      %description -n scripts-chowns
      Chowns.
      %files -n scripts-chowns
      /app/share/scripts/chowns
      %post -n scripts-chowns
      chown daemon:daemon /app/share/scripts/chowns

      %package -n scripts-badlua
      Summary: Wrong Lua
      %description -n scripts-badlua
      Wrong Lua.
      %files -n scripts-badlua
      /app/share/scripts/argument
      %post -n scripts-badlua -p <lua>
      local fine = 1
      error("no such luck")
      """;

  @BeforeAll
  static void buildPackages() throws IOException {
    repository = Files.createDirectory(shared.resolve("repository"));
    for (Path file : RpmBuild.buildAll(shared.resolve("build"), PACKAGES)) {
      Files.copy(file, repository.resolve(file.getFileName()));
    }
    Command.of("createrepo_c", "--quiet", repository.toString()).run();
  }

  private BuiltApp build(String packages, TransactionRun.Failures failures, String keys)
      throws IOException {
    return build(packages, failures, keys, flatpaks.cache());
  }

  private BuiltApp build(String packages, TransactionRun.Failures failures, String keys, Path cache)
      throws IOException {
    Path spec =
        Files.writeString(
            directory.resolve("container.yaml"),
            """
            flatpak:
              id: org.overpak.testing.Scripts
              branch: stable
              runtime-name: org.overpak.testing.Platform
              runtime-version: stable
              packages: [%s]
              command: sh
            %s
            """
                .formatted(packages, keys.indent(2)));
    return AppBuild.run(
        new AppBuild.Request(
            ContainerSpec.read(spec),
            directory,
            flatpaks.runtime().image().name(),
            null,
            Engine.NATIVE,
            new RepositoryChoice(
                List.of(
                    new RepositoryOption.ConfigFile(Project.distro().resolve("all.repo")),
                    new RepositoryOption.Named("scripts=" + repository, List.of())),
                Set.of("scripts")),
            List.of(),
            failures,
            keys.contains(VERIFY),
            true,
            new ImageName.Layout(directory.resolve("app"), ""),
            LayoutChoice.PLAIN,
            cache,
            OptionalLong.empty()),
        Progress.SILENT);
  }

  private BuiltApp build(String packages) throws IOException {
    return build(packages, TransactionRun.Failures.STRICT, "");
  }

  private static FileTree files(BuiltApp app) {
    return ImageLayout.open(app.image().layout())
        .readTree(_ -> true, Progress.SILENT)
        .subtree(CommitTree.FILES);
  }

  /// What dnf leaves in `/app`.
  private Map<String, String> installedByDnf(List<String> packages) throws IOException {
    List<String> options =
        List.of(
            "--repofrompath=scripts," + repository,
            "--setopt=scripts.gpgcheck=0",
            "--setopt=scripts.repo_gpgcheck=0");
    try (var root = DnfRoot.install(directory, options, packages)) {
      return TreeListing.ofApp(root);
    }
  }

  /// @param written by a script
  private void compare(String written, String... packages) throws IOException {
    Map<String, String> ours = TreeListing.of(files(build(String.join(", ", packages))));
    Map<String, String> theirs = installedByDnf(List.of(packages));
    String subject = "/app with scripts of " + String.join(", ", packages);
    DNF.compare(subject, theirs, ours);
    var wrong = new TreeMap<>(ours);
    assertThat(wrong.remove("/" + written)).isNotNull();
    DNF.distinguishes("a script that did not run", subject, theirs, wrong);
  }

  @Test
  void scriptsDoWhatTheyDoUnderDnf() throws IOException {
    compare("log/lua", "scripts-shell", "scripts-lua", "scripts-macros", "scripts-interpreter");
  }

  @Test
  void triggersOfPackagesOfTheDistribution() throws IOException {
    compare("share/phases/log", "phases", "watcher", "figlet", "scripted", "scripted-lua");
  }

  /// Caches of icons, of what opens which files, of kinds of files, and settings.
  @Test
  void triggersOfTheRuntime() throws IOException {
    compare("share/applications/mimeinfo.cache", "galculator", "zim");
  }

  @Test
  void sameScriptsGiveTheSameImage() throws IOException {
    BuiltApp first = build("scripts-shell, scripts-strays");
    assertThat(build("scripts-shell, scripts-strays").image().digest())
        .isEqualTo(first.image().digest());
  }

  @Test
  void filesThatAreNeverTheSameAreNamed() throws IOException {
    assertThatThrownBy(() -> build("scripts-random", TransactionRun.Failures.STRICT, VERIFY))
        .isInstanceOf(OverpakException.class)
        .hasMessageEndingWith("different files: /app/share/scripts/id");
    assertThat(directory.resolve("app")).doesNotExist();
    build("scripts-shell, scripts-lua", TransactionRun.Failures.STRICT, VERIFY);
    build("scripts-random");
  }

  @Test
  void theRuntimeIsUnpackedOnlyForScripts() throws IOException {
    Path cache = directory.resolve("cache");
    build("watcher", TransactionRun.Failures.STRICT, "", cache);
    assertThat(cache.resolve("images")).isDirectory();
    assertThat(cache.resolve("roots")).doesNotExist();
  }

  @Test
  void whatScriptsChangeElsewhereIsDroppedAndSaid() throws IOException {
    BuiltApp built = build("scripts-strays");
    assertThat(built.lost())
        .extracting(TreePath::toString)
        .containsExactly("/etc/hosts", "/var/lib/strays/empty", "/var/lib/strays/state");
    assertThat(files(built).entries().keySet())
        .extracting(TreePath::value)
        .containsExactly("", "share", "share/scripts", "share/scripts/strays");
  }

  @Test
  void aScriptThatFailsEndsTheBuild() {
    assertThatThrownBy(() -> build("scripts-fails"))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PACKAGE))
        .hasMessage(
            """
            %post(scripts-fails-1-1.noarch) failed with exit code 3; it said:
              about to fail
              why""");
    assertThatThrownBy(() -> build("scripts-badlua"))
        .hasMessageContaining("%post(scripts-badlua-1-1.noarch) failed with exit code 1")
        .hasMessageContaining("[string \"%post(scripts-badlua-1-1.noarch)\"]:2: no such luck");
  }

  @Test
  void aScriptThatFailsIsAWarningIfThatIsWanted() throws IOException {
    BuiltApp built = build("scripts-fails", TransactionRun.Failures.LENIENT, "");
    assertThat(built.notes())
        .anyMatch(note -> note.startsWith("%post(scripts-fails-1-1.noarch) failed with exit code"));
    DNF.compare(
        "/app with a script that fails",
        installedByDnf(List.of("scripts-fails")),
        TreeListing.of(files(built)));
    assertThatThrownBy(() -> build("scripts-prefails", TransactionRun.Failures.LENIENT, ""))
        .hasMessageContaining("%pre(scripts-prefails-1-1.noarch) failed with exit code 5");
  }

  @Test
  void ownersCanBeChanged() throws IOException {
    compare("log/shell", "scripts-chowns", "scripts-shell");
  }

  @Test
  void cleanupCommandsRunLast() throws IOException {
    BuiltApp built =
        build(
            "scripts-shell",
            TransactionRun.Failures.STRICT,
            """
            cleanup-commands: |
              echo said
              rm /app/share/scripts/shell
              echo $0 $- $(pwd) > /app/share/cleaned
              grep posttrans /app/log/shell
            """);
    assertThat(files(built).entries().keySet())
        .extracting(TreePath::value)
        .contains("share/cleaned", "share/scripts/link")
        .doesNotContain("share/scripts/shell");
    assertThatThrownBy(
            () ->
                build(
                    "hello",
                    TransactionRun.Failures.STRICT,
                    "cleanup-commands: |\n  echo good\n  test -e /app/nonesuch\n  echo never\n"))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.SPEC))
        .hasMessage(
            """
            cleanup-commands failed at 'test -e /app/nonesuch' with exit code 1; it said:
              + echo good
              good
              + test -e /app/nonesuch""");
  }
}
