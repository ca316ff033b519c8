package org.overpak.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.FileSelection;
import org.overpak.rpm.PackageFile;
import org.overpak.rpm.RpmBuild;
import org.overpak.sandbox.MaterializedRoot;
import org.overpak.sandbox.Sandbox;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.tree.FileTree;

/// Scripts in Lua where there is nothing else yet: those of the first packages of a distribution,
/// which make the links of a merged /usr and the like, do what they do under rpm.
class LuaScriptIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final long TIME = 1_700_000_000;

  /// `filesystem` and `libc` do what the scripts of Fedora's filesystem and glibc do; `rpm` is this
  /// machine's.
  private static final String PACKAGES =
      """
      Name: filesystem
      Version: 1
      Release: 1
      Summary: Directories
      License: MIT
      BuildArch: noarch
      AutoReqProv: no
      %description
      Directories.

      %install
      cd $RPM_BUILD_ROOT
      mkdir -p run usr/bin usr/lib usr/lib64 usr/sbin var/log etc opt usr/share
      for name in bin lib lib64 sbin; do ln -s usr/$name $name; done
      echo '127.0.0.1 localhost' > etc/hosts
      printf 'passwd: files\\nhosts: files dns\\n' > etc/nsswitch.conf
      echo share > usr/share/libc
      mkdir etc/rpm
      printf '%%%%_dbpath %%%%{_var}/lib/rpm\\n%%%%_db_backend sqlite\\n' > etc/rpm/macros
      mkdir -p usr/lib/rpm/platform
      cp /usr/bin/rpm usr/bin/
      for name in $(ldd /usr/bin/rpm | grep -o '/[^ ]*'); do
        cp --dereference $name usr/lib64/
      done
      cp /usr/lib/rpm/rpmrc /usr/lib/rpm/macros usr/lib/rpm/
      cp -r /usr/lib/rpm/platform/x86_64-linux usr/lib/rpm/platform/

      %pretrans -p <lua>
      -- posix.stat of what is not there is nil
      if posix.stat("/usr/bin") then error("not empty", 0) end
      posix.mkdir("/usr")
      for _, name in ipairs({"bin", "sbin", "lib", "lib64"}) do
        posix.mkdir("/usr/" .. name)
        posix.symlink("usr/" .. name, "/" .. name)
      end
      posix.mkdir("/opt")
      posix.chmod("/opt", "0700")
      posix.mkdir("/srv")
      posix.chmod("/srv", 0555)
      posix.mkdir("/gone")
      os.remove("/gone")
      posix.symlink("elsewhere", "/first")
      posix.symlink(posix.readlink("/first"), "/second")
      os.remove("/first")
      local file = io.open("/made", "w")
      file:write(arg[2], " ", rpm.expand("%{_libdir}"), " ", rpm.vercmp("1.10", "1.9"), " ")
      file:write(posix.stat("/usr/lib64", "type"), " ", posix.stat("/opt", "mode"), " ", posix.getcwd())
      for _, name in ipairs(posix.dir("/usr")) do
        if name:sub(1, 1) ~= "." then count = (count or 0) + 1 end
      end
      file:write(" ", count, " ", tostring(posix.access("/nothing")), " ", _VERSION)
      file:close()
      os.rename("/made", "/renamed")

      %post -p <lua>
      posix.mkdir("/run")
      posix.symlink("../run", "/var/run")
      posix.symlink("../run/lock", "/var/lock")

      %files
      /bin
      /lib
      /lib64
      /sbin
      %dir /usr
      %dir /usr/bin
      %dir /usr/lib
      %dir /usr/lib64
      %dir /usr/sbin
      %dir /var
      %dir /var/log
      %dir /opt
      %dir /run
      /etc/hosts

      %package -n libc
      Summary: The library
      Requires(pre): filesystem
      %description -n libc
      Library.
      %pre -n libc -p <lua> -e
      -- no shell yet
      if posix.stat("/bin/sh") then error("a shell", 0) end
      if rpm.vercmp(posix.uname("%r"), "3.2.0") < 0 then error("FATAL: kernel too old", 0) end
      local file = io.open("/etc/expanded", "w")
      file:write("%{?_sysconfdir} %%")
      file:close()
      %post -n libc -p <lua>
      local lines = {}
      for line in io.lines("/etc/nsswitch.conf") do
        lines[#lines + 1] = line:gsub("^hosts:%s+", "%0myhostname ")
      end
      local file = io.open("/etc/nsswitch.conf.new", "w")
      file:write(table.concat(lines, "\\n"), "\\n")
      file:close()
      os.rename("/etc/nsswitch.conf.new", "/etc/nsswitch.conf")
      %posttrans -n libc -p <lua>
      local file = io.open("/etc/hosts", "a")
      file:write(arg[2], " ", tostring(posix.getenv("RPM_CONFIGDIR")), "\\n")
      file:close()
      %files -n libc
      /usr/share/libc
      /etc/nsswitch.conf

      %package -n configuration
      Summary: Where the database is
      %description -n configuration
      Configuration.
      %files -n configuration
      /etc/rpm/macros

      %package -n rpm
      Summary: The program
      Requires: libc
      %description -n rpm
      Program.
      %files -n rpm
      /usr/bin/rpm
      /usr/lib64/*
      /usr/lib/rpm
      """;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  private static final Map<String, Path> packages = new HashMap<>();

  @BeforeAll
  static void buildPackages() {
    for (Path file :
        RpmBuild.buildAll(
            shared.resolve("build"),
            PACKAGES,
            "_binaries_in_noarch_packages_terminate_build 0",
            "__strip /bin/true")) {
      packages.put(PackageFile.open(file).header().nevra().name(), file);
    }
  }

  private static List<Path> files(String... names) {
    return Stream.of(names).map(name -> Objects.requireNonNull(packages.get(name))).toList();
  }

  private InstalledSystem install(List<Path> files) {
    return InstalledSystem.of(
        new InstalledSystem.Plan(
            files.stream().map(PackageFile::open).toList(),
            FileSelection.ALL,
            "x86_64",
            "",
            TransactionRun.Failures.STRICT,
            TIME),
        directory,
        () ->
            Sandbox.over(
                MaterializedRoot.empty(directory.resolve("roots"), Progress.SILENT),
                directory,
                Sandbox.Options.DEFAULT),
        Progress.SILENT);
  }

  @Test
  void anEmptyRootBecomesWhatRpmMakesOfIt() throws IOException {
    List<Path> files = files("filesystem", "libc", "rpm");
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    RPM.run(
        RPM.command("--root", theirs.toString(), "--define", "_db_backend sqlite")
            .and("--dbpath", "/usr/lib/sysimage/rpm", "-i", "--nodeps", "--force-debian")
            .and(files.stream().map(Path::toString).toArray(String[]::new))
            .with("SOURCE_DATE_EPOCH", Long.toString(TIME)));
    Map<String, String> their = RootListing.of(FileTree.ofDirectory(theirs), _ -> false);
    try (InstalledSystem system = install(files)) {
      Map<String, String> our = RootListing.of(system.root(), _ -> false);
      assertThat(our.get("/renamed")).contains("1 /usr/lib", "directory rwx------ / 4 nil Lua 5");
      assertThat(our.get("/etc/nsswitch.conf")).contains("hosts: myhostname files dns");
      assertThat(our.get("/etc/expanded")).contains("/etc %");
      RPM.compare("a root that Lua scripts made", their, our);
      our.put("/second", "first 0 0:0 ");
      RPM.distinguishes("another link", "a root that Lua scripts made", their, our);
    }
  }

  /// The root's rpm is asked in that root.
  @Test
  void rpmFindsTheDatabaseWhereItsMacrosSay() throws IOException {
    Path root;
    try (InstalledSystem system = install(files("filesystem", "libc", "rpm", "configuration"))) {
      root = RootListing.unpacked(system, directory);
    }
    assertThat(root.resolve("var/lib/rpm/rpmdb.sqlite")).exists();
    String all = "configuration-1-1.noarch filesystem-1-1.noarch libc-1-1.noarch rpm-1-1.noarch";
    assertThat(asked(root, "-qa")).isEqualTo(all);
    assertThat(asked(root, "-q", "--whatrequires", "libc")).isEqualTo("rpm-1-1.noarch");
    assertThat(asked(root, "-qf", "/usr/bin/rpm")).isEqualTo("rpm-1-1.noarch");
    RPM.compared(3);
    Files.delete(root.resolve("etc/rpm/macros"));
    assertThat(asked(root, "-qa")).isEmpty();
    RPM.rejected("a database where its macros do not look");
  }

  private static String asked(Path root, String... question) {
    return RPM
        .runToAnyEnd(
            Command.of("chroot", root.toString(), "/usr/lib64/ld-linux-x86-64.so.2")
                .and("--library-path", "/usr/lib64", "/usr/bin/rpm")
                .and(question))
        .lines()
        .stream()
        .sorted()
        .collect(Collectors.joining(" "));
  }

  @Test
  void withoutRpmAmongThePackagesItIsRefused() {
    assertThatThrownBy(() -> install(files("filesystem", "libc")))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.advice()).contains("needs the package 'rpm'"))
        .hasMessage(
            "%pretrans(filesystem-1-1.noarch) is in Lua, which only rpm runs, and the runtime has no"
                + " /usr/bin/rpm");
  }
}
