package org.overpak.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Overpak as people get it, `target/overpak`, and what tests build with it.
public final class Distribution {
  private static @Nullable Path runtime;

  private Distribution() {}

  public static Path directory() {
    Path directory = Project.directory().resolve("target/overpak");
    assertThat(directory.resolve("bin/overpak")).as("made by mvn verify").isExecutable();
    return directory;
  }

  /// `overpak ARGUMENTS`.
  public static Command overpak(String... arguments) {
    String program = directory().resolve("bin/overpak").toString();
    return Command.of(Stream.concat(Stream.of(program), Stream.of(arguments)).toList())
        .within(Duration.ofMinutes(10));
  }

  /// A spec of `testing/flatpaks`.
  public static Path spec(String name) {
    return Project.directory().resolve("testing/flatpaks").resolve(name);
  }

  /// The layout with the runtime's image, built once a run from the test distribution's packages.
  public static synchronized Path runtime() throws IOException {
    if (runtime == null) {
      Path directory = Files.createDirectories(Project.directory().resolve("target/test-runtime"));
      Command.of("find", directory.toString(), "-mindepth", "1", "-delete").run();
      buildRuntime(directory.resolve("image"), directory.resolve("cache")).run();
      runtime = directory.resolve("image");
    }
    return runtime;
  }

  public static Command buildRuntime(Path layout, Path cache) {
    return overpak(
        "build",
        spec("runtime.yaml").toString(),
        "--repo=" + Project.distro().resolve("base.repo"),
        "--cache=" + cache,
        "--output=oci:" + layout);
  }

  public static Command importRuntime(Path layout, Path cache) {
    return importRuntime(Project.distro().resolve("root"), layout, cache);
  }

  public static Command importRuntime(Path root, Path layout, Path cache) {
    return overpak(
        "runtime",
        "import",
        root.toString(),
        "--spec=" + spec("runtime.yaml"),
        "--cache=" + cache,
        "--output=oci:" + layout);
  }

  /// The digest of each file of LAYOUT by its path: all that a layout is.
  public static Map<String, String> files(Path layout) throws IOException {
    List<Path> files;
    try (var all = Files.walk(layout)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    assertThat(files).as("a layout, one manifest, config and layer").hasSizeGreaterThanOrEqualTo(5);
    Map<String, String> digests = new TreeMap<>();
    for (Path file : files) {
      digests.put(layout.relativize(file).toString(), digest(file));
    }
    return digests;
  }

  private static String digest(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
