package org.overpak.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.overpak.Progress;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageCache;
import org.overpak.oci.ImageName;
import org.overpak.rpm.Accounts;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.RpmDatabase;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// A runtime as an app is built on it: what it is, what is in it, and who owns that. Read from its
/// image in one pass over the layers; nothing but the RPM database is extracted.
///
/// @param root as a container engine sees it, `/usr` and `/etc` in their places
/// @param headers of the packages in its RPM database
record RuntimeImage(
    Image image,
    Ref ref,
    Metadata metadata,
    FileTree root,
    List<PackageHeader> headers,
    Accounts accounts) {
  RuntimeImage {
    headers = List.copyOf(headers);
  }

  /// @param cache of listings of images
  /// @param work where the RPM database is put, and the image if it is in no layout
  /// @throws org.overpak.OverpakException (IMAGE) if there is no such image, it is no runtime, or
  ///   it has no RPM database
  static RuntimeImage open(ImageName name, ImageCache cache, Path work, Progress progress) {
    Image image = name.open(work.resolve("runtime"));
    Ref ref = ImageLabels.ref(image.config().labels());
    Metadata metadata = ImageLabels.metadata(image.config().labels());
    FileTree tree = cache.readTree(image, "runtime-1", RuntimeImage::isNeeded, progress);
    FileTree root = HybridLayout.systemRoot(tree);
    List<PackageHeader> headers =
        RpmDatabase.open(root, work.resolve("rpmdb")).packages().stream()
            .map(InstalledPackage::header)
            .toList();
    return new RuntimeImage(image, ref, metadata, root, headers, Accounts.of(root));
  }

  /// The files whose content is asked for: accounts, RPM's configuration and database. Whoever
  /// changes this gives the listing a new name above.
  private static boolean isNeeded(TreePath path) {
    String value = path.value();
    return value.endsWith("etc/passwd")
        || value.endsWith("etc/group")
        || value.contains("etc/rpm/")
        || value.contains("lib/rpm/macros")
        || path.name().startsWith("rpmdb.sqlite");
  }

  /// The value of `$releasever` in repository configuration, as dnf finds it (dnf5, vars.cpp): the
  /// version of what provides `system-release(releasever)`, or of the package that provides
  /// `system-release` or its like; empty if there is none.
  String releasever() {
    return Stream.of(
            "system-release(releasever)",
            "system-release",
            "distribution-release(releasever)",
            "distribution-release",
            "redhat-release",
            "suse-release")
        .flatMap(capability -> providedVersion(capability).stream())
        .findFirst()
        .orElse("");
  }

  private Optional<String> providedVersion(String capability) {
    for (PackageHeader header : headers) {
      for (Dependency provide : header.metadata().relations().provides()) {
        if (provide instanceof Dependency.Simple simple && simple.name().equals(capability)) {
          return Optional.of(
              simple.evr() != null && capability.endsWith("(releasever)")
                  ? simple.evr().version()
                  : header.nevra().evr().version());
        }
      }
    }
    return Optional.empty();
  }
}
