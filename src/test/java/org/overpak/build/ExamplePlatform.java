package org.overpak.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;

/// A runtime with nothing in it, which is its own SDK: enough for flatpak-builder.
final class ExamplePlatform {
  static final Ref REF = Ref.parse("runtime/org.example.Platform/x86_64/1");

  private ExamplePlatform() {}

  /// An installation in DIRECTORY that has it from the remote `base`, a repository in
  /// DIRECTORY/base.
  static FlatpakInstallation installed(Path directory) throws IOException {
    Path build = Files.createDirectories(directory.resolve("platform"));
    Files.createDirectories(build.resolve("files"));
    Files.createDirectories(build.resolve("usr"));
    Files.writeString(build.resolve("metadata"), Metadata.ofRuntime(REF, REF).text());
    String repository = directory.resolve("base").toString();
    Judge.of("flatpak").run("build-export", repository, build.toString(), REF.branch());
    FlatpakInstallation installation = FlatpakInstallation.user(directory);
    installation.run("remote-add", "--no-gpg-verify", "base", repository);
    installation.run("install", "-y", "--noninteractive", "base", REF.id() + "//1");
    return installation;
  }
}
