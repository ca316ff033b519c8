package org.overpak.build;

import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.repo.Downloads;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageIndex;

/// What resolving must know of a runtime.
record RuntimePackages(Ref ref, PackageIndex packages) {
  static RuntimePackages of(RuntimeImage runtime) {
    return new RuntimePackages(
        runtime.ref(),
        PackageIndex.of(runtime.headers().stream().map(PackageHeader::metadata).toList()));
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
        downloads.remembered(
            image.digest(),
            () ->
                RuntimeImage.of(image, work, progress).headers().stream()
                    .map(PackageHeader::metadata)
                    .toList()));
  }

  /// The value of `$releasever` in repository configuration; empty if nothing says it.
  String releasever() {
    return Releasever.of(packages);
  }
}
