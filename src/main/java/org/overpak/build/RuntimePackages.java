package org.overpak.build;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.repo.Downloads;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.Relations;

/// What resolving must know of a runtime.
///
/// @param packages in its RPM database; or the one that it is taken for, if it was scanned
/// @param digest of its image
record RuntimePackages(Ref ref, Digest digest, PackageIndex packages) {
  static RuntimePackages of(RuntimeImage runtime) {
    return new RuntimePackages(
        runtime.ref(), runtime.image().digest(), PackageIndex.of(metadata(runtime)));
  }

  private static List<PackageMetadata> metadata(RuntimeImage runtime) {
    return runtime
        .scanned()
        .map(scanned -> List.of(scanned.metadata()))
        .orElseGet(() -> runtime.headers().stream().map(PackageHeader::metadata).toList());
  }

  /// Of the runtime in an image, which is read only the first time: what has its digest has these
  /// packages.
  ///
  /// @throws org.overpak.OverpakException as {@link RuntimeImage#open}
  static RuntimePackages open(
      ImageName name, WorkDirectory work, Downloads downloads, Progress progress) {
    Image image = name.open(work.path().resolve("runtime"));
    return new RuntimePackages(
        ImageLabels.ref(image.config().labels()),
        image.digest(),
        downloads.remembered(
            RuntimeScan.key(image.digest()),
            () -> metadata(RuntimeImage.of(image, work, progress))));
  }

  /// Whether what is known of it are its files.
  boolean isScanned() {
    return ScannedRuntime.isIn(packages);
  }

  /// The package that the runtime is taken for, if it provides ASSUMED, too.
  PackageMetadata assuming(List<String> assumed) {
    PackageMetadata scanned = packages.metadata(0);
    Relations relations = scanned.relations();
    return new PackageMetadata(
        scanned.nevra(),
        "",
        Relations.ofProvides(
            Stream.concat(relations.provides().stream(), assumed.stream().map(Dependency::parse))
                .toList()),
        scanned.files(),
        0);
  }

  /// What tells that package from others.
  Digest key(List<String> assumed) {
    return Digest.sha256(
        (RuntimeScan.key(digest) + "\n" + String.join("\n", assumed))
            .getBytes(StandardCharsets.UTF_8));
  }

  /// The value of `$releasever` in repository configuration; empty if nothing says it.
  String releasever() {
    return Releasever.of(packages);
  }
}
