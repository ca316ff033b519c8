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
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.FinishArgs;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.flatpak.RuntimeFiles;
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
  /// @param timestamp as in {@link AppBuild.Request}, of the installed packages
  public record Request(
      Path root, ContainerSpec spec, ImageName.Layout output, Path cache, OptionalLong timestamp) {}

  private RuntimeImport() {}

  /// Reads the root and writes the image.
  ///
  /// @throws OverpakException for whatever a person can mend; then nothing was written
  public static ImportedRuntime run(Request request, Progress progress) {
    FlatpakSpec spec = request.spec().flatpak();
    if (spec.kind() != FlatpakSpec.Kind.RUNTIME) {
      throw new OverpakException(
          ExitCode.SPEC,
          request.spec().positionOf("id") + ": the spec is not one of a runtime",
          "Say 'build-runtime: true', or build the app with 'overpak build'.");
    }
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
      var ref = new Ref(Ref.Kind.RUNTIME, spec.id(), arch(packages), spec.branch());
      Metadata metadata = metadata(spec, ref);
      RuntimeFiles files = RuntimeFiles.of(root);
      long timestamp = request.timestamp().orElseGet(() -> newest(packages));
      FileTree tree =
          HybridLayout.addTo(CommitTree.ofRuntime(files.files(), metadata, timestamp), timestamp);
      var image =
          new CommitImage(
              ref, metadata, tree, timestamp, SystemExecution.of(tree), SpecLabels.of(spec, ref));
      List<String> notes = new ArrayList<>();
      request.spec().notes().forEach(note -> notes.add(note.toString()));
      return new ImportedRuntime(
          image.write(request.output(), List.of(), work, progress),
          packages.size(),
          files.dropped(),
          notes);
    }
  }

  private static Metadata metadata(FlatpakSpec spec, Ref ref) {
    Ref named =
        spec.runtime().id().isEmpty()
            ? ref
            : new Ref(Ref.Kind.RUNTIME, spec.runtime().id(), ref.arch(), ref.branch());
    Ref sdk =
        spec.runtime().sdk().isEmpty()
            ? ref
            : new Ref(Ref.Kind.RUNTIME, spec.runtime().sdk(), ref.arch(), ref.branch());
    Metadata plain = Metadata.ofRuntime(ref, named, sdk);
    return FinishArgs.parse(SpecArguments.of(spec, ref.arch())).finish(plain);
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
