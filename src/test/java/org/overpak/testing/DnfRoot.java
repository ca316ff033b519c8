package org.overpak.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The runtime's root with packages that dnf installed onto it.
public final class DnfRoot {
  private static final Judge DNF = Judge.of("dnf");

  private DnfRoot() {}

  /// Makes DIRECTORY/root, and returns it.
  ///
  /// @param options of dnf
  public static Path install(Path directory, List<String> options, List<String> packages) {
    Path root = directory.resolve("root");
    Command.of(
            "cp",
            "-a",
            "--reflink=auto",
            Project.distro().resolve("root").toString(),
            root.toString())
        .run();
    List<String> line = new ArrayList<>();
    line.add(Project.directory().resolve("testing/distro/dnf").toString());
    line.add(root.toString());
    line.addAll(options);
    line.add("install");
    line.addAll(packages);
    DNF.run(Command.of(line).with("OVERPAK_TEST_DISTRO", Project.distro().toString()));
    return root;
  }
}
