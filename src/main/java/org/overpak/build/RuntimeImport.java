package org.overpak.build;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.oci.ImageName;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.RpmDatabase;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.FileTree;

/// Makes a hybrid runtime image of a root in which a package manager has installed a runtime's
/// packages.
public final class RuntimeImport {
  /// What to import, and into what.
  ///
  /// @param root a directory
  /// @param layout as in {@link RuntimeBuild.Request}
  /// @param timestamp as in {@link AppBuild.Request}, of the installed packages
  public record Request(
      Path root,
      ContainerSpec spec,
      ImageName output,
      LayoutChoice layout,
      Path cache,
      OptionalLong timestamp) {}

  private RuntimeImport() {}

  /// Reads the root and writes the image.
  ///
  /// @throws OverpakException for whatever a person can mend; then nothing was written
  public static ImportedRuntime run(Request request, Progress progress) {
    FlatpakSpec spec = request.spec().flatpak();
    new SpecSupport(request.spec()).requireRuntime();
    if (!Files.isDirectory(request.root())) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          request.root() + " is not a directory",
          "Give the root that the runtime's packages were installed into.");
    }
    try (var work = WorkDirectory.in(request.cache())) {
      FileTree root = RpmDatabase.parked(FileTree.ofDirectory(request.root()), work.path());
      List<InstalledPackage> packages =
          RpmDatabase.open(root, work.path().resolve("rpmdb")).packages();
      long timestamp = request.timestamp().orElseGet(() -> newest(packages));
      List<String> notes = new ArrayList<>();
      request.spec().notes().forEach(note -> notes.add(note.toString()));
      var finished = new RuntimeFinish(spec, arch(packages), timestamp, notes::add).finish(root);
      return new ImportedRuntime(
          finished.write(request.output(), request.layout(), List.of(), work, progress),
          packages.size(),
          finished.dropped(),
          notes);
    }
  }

  /// The architecture of most packages, in Flatpak's name; all are `noarch` in no runtime that
  /// runs.
  private static String arch(List<InstalledPackage> packages) {
    Map<String, Long> counts =
        packages.stream()
            .map(one -> one.nevra().arch())
            .filter(arch -> !Architectures.isNone(arch))
            .map(Architectures::flatpak)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return counts.entrySet().stream()
        .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElseThrow(
            () ->
                new OverpakException(
                    ExitCode.IMAGE,
                    "the root has no packages of any architecture in its RPM database",
                    "Give a root with a system in it."));
  }

  private static long newest(List<InstalledPackage> packages) {
    return packages.stream()
        .map(one -> one.header().buildTime())
        .max(Comparator.naturalOrder())
        .orElse(0L);
  }
}
