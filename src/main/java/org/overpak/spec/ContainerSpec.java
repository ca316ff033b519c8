package org.overpak.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.rpm.FileSelection;
import org.overpak.tree.TreePath;

/// A `container.yaml` (for runtimes often called `runtime.yaml`): Fedora's description of a Flatpak
/// that is built from RPMs. `docs/container-yaml.md` lists every key.
///
/// @param source digest of the whole file, and of those that it names
/// @param named files of which the content belongs to the spec
/// @param platforms for which architectures the Flatpak is built at all
/// @param allowedLeaks `overpak: allow-leaks`: files, or directories with all in them, that
///   packages may install outside `/app` although Flatpak will not show them to the app
/// @param fileSelection `overpak: documentation` and `overpak: languages`: which files of packages
///   a runtime has
/// @param start of the section `flatpak`
/// @param positions where the given keys of the section `flatpak` have their values; see {@link
///   #positionOf}
/// @param notes what is tolerated, in file order; for the cli to show
public record ContainerSpec(
    Digest source,
    List<Path> named,
    FlatpakSpec flatpak,
    Platforms platforms,
    List<TreePath> allowedLeaks,
    ResolvingSpec resolving,
    FileSelection fileSelection,
    SpecPosition start,
    Map<String, SpecPosition> positions,
    List<SpecNote> notes) {

  public ContainerSpec {
    named = List.copyOf(named);
    allowedLeaks = List.copyOf(allowedLeaks);
    positions = Map.copyOf(positions);
    notes = List.copyOf(notes);
  }

  /// @throws OverpakException (SPEC) naming everything that is wrong in FILE, each with line and
  ///   column; (FILESYSTEM) if it cannot be read
  public static ContainerSpec read(Path file) {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      // One byte more than is allowed, so that what is too large is seen to be so.
      bytes = in.readNBytes(YamlReader.LARGEST + 1);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          file + ": cannot be read: " + e.getMessage(),
          "check the path of the spec and its permissions",
          e);
    }
    return parse(file.toString(), bytes);
  }

  /// As {@link #read}, of the content of the file that is called NAME.
  public static ContainerSpec parse(String name, byte[] content) {
    return ContainerSpecReader.read(name, content);
  }

  /// Where the value of KEY of the section `flatpak` stands, or the section itself if the key is
  /// not given: what a later error about it points to.
  public SpecPosition positionOf(String key) {
    return positions.getOrDefault(key, start);
  }
}
