package org.overpak.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.overpak.rpm.RpmBuild;
import org.overpak.testing.Command;

/// A runtime that is a shell and little more, and packages of an app on it that says its version:
/// small, so that they are installed in no time.
public final class LoopedApp {
  public static final String RUNTIME =
      """
      flatpak:
        id: org.example.Tiny
        branch: '1'
        build-runtime: true
        packages: [tiny]
      """;

  public static final String APP =
      """
      flatpak:
        id: org.example.Looped
        branch: stable
        runtime: org.example.Tiny
        runtime-version: '1'
        sdk: org.example.Tiny
        packages: [looped]
        command: looped
      """;

  private static final String SHELL =
      """
      Name: tiny
      Version: 1
      Release: 1
      Summary: A shell and its libraries
      License: MIT
      AutoReqProv: no
      %description
      Of the machine that the test runs on.
      %install
      for file in /bin/sh /bin/sleep $(ldd /bin/sh /bin/sleep | grep -o '/[^ :]*'); do
        install -D $file %{buildroot}/usr/$file
      done
      %files
      /usr
      """;

  private static final String LOOPED =
      """
      Name: looped
      Version: %{number}
      Release: 1
      Summary: Says its version
      License: MIT
      AutoReqProv: no
      BuildArch: noarch
      %description
      With arguments it ends with 7, else it goes on.
      %install
      mkdir -p %{buildroot}/app/bin
      cat > %{buildroot}/app/bin/looped <<'END'
      #!/bin/sh
      echo "version %{number}: $*"
      [ $# = 0 ] || exit 7
      exec sleep 1000
      END
      chmod 755 %{buildroot}/app/bin/looped
      %files
      /app
      """;

  private final Path directory;
  private final Path repository;

  public LoopedApp(Path directory) throws IOException {
    this.directory = directory;
    this.repository = Files.createDirectories(directory.resolve("repo"));
  }

  public Path repository() {
    return repository;
  }

  /// The runtime's only package.
  Path runtimePackage() throws IOException {
    Path made = directory.resolve("tiny");
    return Files.exists(made)
        ? made.resolve("RPMS/x86_64/tiny-1-1.x86_64.rpm")
        : RpmBuild.buildAll(made, SHELL).getFirst();
  }

  /// A root with the runtime's packages.
  public Path root() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Command.of(
            "rpm",
            "--root=" + root,
            "--define=_dbpath /usr/lib/sysimage/rpm",
            "--define=_db_backend sqlite",
            "--install",
            "--nodeps",
            "--ignorearch",
            "--force-debian",
            runtimePackage().toString())
        .run();
    return root;
  }

  /// Has the repository hold this version of the app's package, and no other.
  public void publish(int number) throws IOException {
    Path made = directory.resolve("looped-" + number);
    Path built =
        Files.exists(made)
            ? made.resolve("RPMS/noarch/looped-" + number + "-1.noarch.rpm")
            : RpmBuild.buildAll(made, LOOPED, "number " + number).getFirst();
    publish(repository, built);
  }

  /// Makes INTO a repository of that package alone.
  static void publish(Path into, Path packageFile) throws IOException {
    Files.createDirectories(into);
    Command.of(
            "sh",
            "-c",
            "rm -f \"$1\"/*.rpm && cp \"$2\" \"$1\"",
            "sh",
            into.toString(),
            packageFile.toString())
        .run();
    Command.of("createrepo_c", "--quiet", into.toString()).run();
  }
}
