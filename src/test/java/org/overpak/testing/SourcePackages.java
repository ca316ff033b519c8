package org.overpak.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `testing/sources` makes: source packages of which each needs those before, what a
/// distribution has built from them, and a compiler. Made once, and kept beside the test
/// distribution.
public final class SourcePackages {
  private static @Nullable Path made;

  private SourcePackages() {}

  /// The directory with the repositories `source`, `binary` and `toolchain`.
  public static synchronized Path directory() {
    Path result = made;
    if (result == null) {
      String script = Project.directory().resolve("testing/sources/make").toString();
      result =
          Path.of(
              Command.of(script, Project.distro().toString())
                  .within(Duration.ofMinutes(10))
                  .run()
                  .lines()
                  .getLast());
      made = result;
    }
    return result;
  }

  /// Of a source package, and of the only package that BUILD makes of it, which has nothing but a
  /// directory.
  ///
  /// @param relations lines such as `Requires: other`
  public static String spec(String name, String build, String relations) {
    return """
        Name: %s
        Version: 1
        Release: 1
        Summary: A package
        License: CC0-1.0
        BuildArch: noarch
        %s
        %%description
        A package.
        %%build
        %s
        %%install
        mkdir -p %%{buildroot}%%{_datadir}/%s
        %%files
        %%{_datadir}/%s
        """
        .formatted(name, relations, build, name, name);
  }

  /// Builds SPECS, each its own source package, into the repositories `binary` and `source` of
  /// DIRECTORY, which is new or empty, without minding what they need.
  public static void build(Path directory, List<String> specs) throws IOException {
    for (int number = 0; number < specs.size(); number++) {
      Path top = Files.createDirectories(directory.resolve("build").resolve("" + number));
      Path spec = Files.writeString(top.resolve("package.spec"), specs.get(number));
      Command.of("rpmbuild", "-ba", "--quiet", "--nodeps", "--define", "_topdir " + top)
          .and("--define", "__os_install_post %{nil}", spec.toString())
          .run();
    }
    for (String name : List.of("binary", "source")) {
      Path repository = Files.createDirectories(directory.resolve(name));
      try (var files = Files.walk(directory.resolve("build"))) {
        for (Path file : files.filter(one -> one.toString().endsWith(".rpm")).toList()) {
          if (file.toString().endsWith(".src.rpm") == name.equals("source")) {
            Files.move(file, repository.resolve(file.getFileName()));
          }
        }
      }
      Command.of("createrepo_c", "--quiet", repository.toString()).run();
    }
  }
}
