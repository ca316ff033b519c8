package org.overpak.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Source packages of Debian, for the tables and the code that other projects test themselves with.
/// They are downloaded when a test first asks, and kept beside the test distribution.
public final class DebianSource {
  private DebianSource() {}

  /// The directory with what the upstream archive of the source package NAME holds in PART, one of
  /// its directories.
  public static synchronized Path of(String name, String part) throws IOException {
    Path cache = Project.distro().resolveSibling("downloads");
    Path directory = cache.resolve("unpacked").resolve(name).resolve(part);
    if (!Files.isDirectory(directory)) {
      Path scratch = Files.createTempDirectory(Files.createDirectories(cache), "unpacking");
      Path apt = Project.directory().resolve("testing/distro/apt");
      Command.of(
              apt.toString(), cache.resolve("apt").toString(), "sources", scratch.toString(), name)
          .within(Duration.ofMinutes(5))
          .run();
      Path archive = only(scratch, ".orig.tar.").orElseThrow();
      Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
      Command.of("tar", "-xf", archive.toString(), "-C", unpacked.toString())
          .and("--wildcards", "*/" + part)
          .run();
      Files.createDirectories(directory.getParent());
      Files.move(only(unpacked, "").orElseThrow().resolve(part), directory);
      Command.of("rm", "-rf", scratch.toString()).run();
    }
    return directory;
  }

  private static Optional<Path> only(Path directory, String infix) throws IOException {
    try (var files = Files.list(directory)) {
      List<Path> found = files.filter(file -> file.toString().contains(infix)).toList();
      return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
  }
}
