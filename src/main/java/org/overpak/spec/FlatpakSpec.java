package org.overpak.spec;

import java.util.List;
import org.overpak.flatpak.EndOfLife;
import org.overpak.flatpak.ExportChanges;
import org.overpak.flatpak.SplitRefs;

/// The section `flatpak`: what is built. Text that is not given is empty.
///
/// @param id the Flatpak ID of the app, runtime or extension
/// @param branch `stable` unless given; numbers are as written (`1.10`)
/// @param packages what to install, at least one, in the order of the spec
/// @param command what Flatpak starts in the app
/// @param finishArgs arguments of `flatpak build-finish`, split into words
/// @param cleanupCommands a shell script to run after installing, exactly as in the spec
/// @param tags the `tags` of the app's metadata
/// @param extensionPoints `add-extensions`
/// @param extraData `extra-data`
/// @param splitRefs which files become extensions of their own
public record FlatpakSpec(
    Kind kind,
    String id,
    String branch,
    RuntimeSpec runtime,
    ImageSpec image,
    List<PackageSpec> packages,
    String command,
    List<String> finishArgs,
    String cleanupCommands,
    List<String> tags,
    EndOfLife endOfLife,
    ExportChanges exports,
    List<ExtensionPoint> extensionPoints,
    List<ExtraData> extraData,
    SplitRefs splitRefs) {

  public enum Kind {
    APP,
    RUNTIME,
    EXTENSION
  }

  public FlatpakSpec {
    packages = List.copyOf(packages);
    finishArgs = List.copyOf(finishArgs);
    tags = List.copyOf(tags);
    extensionPoints = List.copyOf(extensionPoints);
    extraData = List.copyOf(extraData);
  }

  /// The packages that are meant for ARCH, in RPM's name.
  public List<PackageSpec> packagesFor(String arch) {
    return packages.stream().filter(p -> p.platforms().includes(arch)).toList();
  }
}
