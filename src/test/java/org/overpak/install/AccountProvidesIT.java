package org.overpak.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.rpm.FileSelection;
import org.overpak.rpm.PackageFile;
import org.overpak.rpm.RpmBuild;
import org.overpak.testing.Judge;

/// Users and groups that packages provide, as rpm makes them since 4.19: before a package is
/// unpacked, its lines are given to `systemd-sysusers`. The rpm of the tests is older, so the judge
/// is that rpm with that program called by hand between packages.
class AccountProvidesIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final Judge SYSUSERS = Judge.of("systemd-sysusers");
  private static final long TIME = 1_700_000_000;

  /// Of `daemon`, in the order that rpm gives to what is provided; other packages' files belong to
  /// these, too.
  private static final List<String> LINES =
      List.of(
          "g extra 77", "m daemon extra", "u any -", "u daemon 321 \"The Daemon\" /var/lib/daemon");

  private static final String SPEC =
      """
      Name: base
      Version: 1
      Release: 1
      Summary: Accounts
      License: MIT
      BuildArch: noarch
      AutoReqProv: no
      %description
      Accounts.

      %install
      mkdir -p $RPM_BUILD_ROOT/etc $RPM_BUILD_ROOT/usr/bin $RPM_BUILD_ROOT/var/lib/daemon
      echo 'root:x:0:0::/:/bin/sh' > $RPM_BUILD_ROOT/etc/passwd
      echo 'root:x:0:' > $RPM_BUILD_ROOT/etc/group
      for name in own groups user; do echo $name > $RPM_BUILD_ROOT/usr/bin/$name; done

      %files
      /etc/passwd
      /etc/group

      %package -n daemon
      Summary: Provides its user
      Requires(pre): base
      PROVIDES
      %description -n daemon
      Daemon.
      %files -n daemon
      %attr(4755,daemon,extra) /usr/bin/own
      %attr(2755,root,extra) /usr/bin/groups
      %dir %attr(0750,daemon,daemon) /var/lib/daemon

      %package -n follower
      Summary: Uses the user of another
      Requires: user(daemon)
      Requires(pre): daemon
      %description -n follower
      Follower.
      %files -n follower
      %attr(0644,any,daemon) /usr/bin/user
      """;

  @TempDir private Path directory;

  /// As rpm's generator has it, filled with spaces until there is nothing in it that a version may
  /// not have.
  private static String base64(String line) {
    String text = line;
    for (int i = 0; i < 100; i++) {
      String encoded = Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
      if (encoded.matches("\\w+")) {
        return encoded;
      }
      text += " ";
    }
    throw new AssertionError(line);
  }

  private static String spec() {
    String[] names = {"group(extra)", "groupmember(daemon/extra)", "user(any)", "user(daemon)"};
    List<String> provides = new ArrayList<>(List.of("Provides: group(daemon)"));
    for (int i = 0; i < names.length; i++) {
      provides.add("Provides: " + names[i] + " = " + base64(LINES.get(i)));
    }
    return SPEC.replace("PROVIDES", String.join("\n", provides));
  }

  @Test
  void filesBelongToUsersThatTheirPackagesProvide() throws IOException {
    Map<String, Path> packages = new HashMap<>();
    for (Path file : RpmBuild.buildAll(directory.resolve("build"), spec())) {
      packages.put(PackageFile.open(file).header().nevra().name(), file);
    }
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    install(theirs, packages, "base");
    SYSUSERS.run(
        SYSUSERS
            .command("--root=" + theirs, "-")
            .reading(Files.write(directory.resolve("lines"), LINES))
            .with("SOURCE_DATE_EPOCH", Long.toString(TIME)));
    install(theirs, packages, "daemon");
    install(theirs, packages, "follower");
    try (InstalledSystem system = installed(List.copyOf(packages.values()))) {
      Path ours = RootListing.unpacked(system, directory);
      Map<String, String> their = listing(theirs);
      Map<String, String> our = listing(ours);
      assertThat(our.get("/etc/passwd"))
          .contains("daemon:x:321:321:The Daemon:/var/lib/daemon:", "any:x:");
      assertThat(our.get("/etc/group")).contains("extra:x:77:daemon", "daemon:x:321:");
      SYSUSERS.compare("owners that packages provide", their, our);
      our.compute("/usr/bin/own", (_, line) -> Objects.requireNonNull(line).replace("321", "0"));
      SYSUSERS.distinguishes("root in its place", "owners that packages provide", their, our);
    }
  }

  /// Accounts are written when they are made, so their time is no matter.
  private static Map<String, String> listing(Path root) throws IOException {
    Map<String, String> result = RootListing.of(root);
    result.replaceAll(
        (path, line) -> path.startsWith("/etc/") ? line.replaceFirst(" \\d+$", "") : line);
    result.keySet().removeIf(path -> path.matches("/etc/(\\.pwd\\.lock|.*-)"));
    return result;
  }

  private static void install(Path root, Map<String, Path> packages, String name) {
    RPM.run(
        RPM.command("--root", root.toString(), "--define", "_db_backend sqlite")
            .and("--dbpath", "/usr/lib/sysimage/rpm", "-i", "--nodeps", "--force-debian")
            .and(Objects.requireNonNull(packages.get(name)).toString())
            .with("SOURCE_DATE_EPOCH", Long.toString(TIME)));
  }

  private InstalledSystem installed(List<Path> files) {
    return InstalledSystem.of(
        new InstalledSystem.Plan(
            files.stream().map(PackageFile::open).toList(),
            FileSelection.ALL,
            "x86_64",
            "",
            TransactionRun.Failures.STRICT,
            TIME),
        directory,
        () -> {
          throw new AssertionError("nothing is to be run");
        },
        Progress.SILENT);
  }
}
