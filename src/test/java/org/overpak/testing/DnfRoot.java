package org.overpak.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The runtime's root with packages that dnf installed onto it, until it is closed. What dnf writes
/// lies in an overlay: a copy of the root would take longer than all else in a test.
public final class DnfRoot implements AutoCloseable {
  private static final Judge DNF = Judge.of("dnf");

  private final Path directory;

  private DnfRoot(Path directory) {
    this.directory = directory;
  }

  /// @param within a directory, in which it makes one of its own
  /// @param options of dnf
  public static DnfRoot install(Path within, List<String> options, List<String> packages) {
    try {
      var root = new DnfRoot(Files.createTempDirectory(within, "dnf"));
      root.mount();
      root.install(options, packages);
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mount() throws IOException {
    for (String name : List.of("root", "upper", "work")) {
      Files.createDirectory(directory.resolve(name));
    }
    Command.of(
            "mount",
            "-t",
            "overlay",
            "overlay",
            "--options=lowerdir=%s,upperdir=%s,workdir=%s"
                .formatted(
                    Project.distro().resolve("root"),
                    directory.resolve("upper"),
                    directory.resolve("work")),
            path().toString())
        .run();
  }

  private void install(List<String> options, List<String> packages) {
    List<String> line = new ArrayList<>();
    line.add(Project.directory().resolve("testing/distro/dnf").toString());
    line.add(path().toString());
    line.addAll(options);
    line.add("install");
    line.addAll(packages);
    try {
      DNF.run(Command.of(line).with("OVERPAK_TEST_DISTRO", Project.distro().toString()));
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  /// The root as a program sees it that runs in it.
  public Path path() {
    return directory.resolve("root");
  }

  @Override
  public void close() {
    Command.of("umount", path().toString()).run();
    Command.of("rm", "-rf", directory.toString()).run();
  }
}
