package org.overpak.build;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.rpm.Accounts;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.RpmDatabase;
import org.overpak.sandbox.MaterializedRoot;
import org.overpak.sandbox.Sandbox;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// A runtime as an app is built on it: what it is, what is in it, and who owns that. Read from its
/// image in one pass over the layers; nothing but the RPM database is extracted. Where there is
/// none, a second pass finds what the files provide.
///
/// @param root as a container engine sees it, `/usr` and `/etc` in their places
/// @param rootDigest that tells ROOT from any other
/// @param packages in its RPM database
/// @param scanned what its files provide; empty if it has an RPM database
record RuntimeImage(
    Image image,
    Ref ref,
    Metadata metadata,
    FileTree root,
    Digest rootDigest,
    List<InstalledPackage> packages,
    Optional<ScannedRuntime> scanned,
    Accounts accounts) {
  RuntimeImage {
    packages = List.copyOf(packages);
  }

  /// @param work where the RPM database is put, and the image if it is in no layout
  /// @throws OverpakException (IMAGE) if there is no such image, or it is no runtime
  static RuntimeImage open(ImageName name, WorkDirectory work, Progress progress) {
    return of(name.open(work.path().resolve("runtime")), work, progress);
  }

  /// As {@link #open}, of an image that is open.
  static RuntimeImage of(Image image, WorkDirectory work, Progress progress) {
    Ref ref = ImageLabels.ref(image.config().labels());
    Metadata metadata = ImageLabels.metadata(image.config().labels());
    FileTree root =
        work.images()
            .readTree(image, "root-1", RuntimeImage::isNeeded, SystemLayout::root, progress);
    boolean isScanned = RpmDatabase.find(root).isEmpty();
    return new RuntimeImage(
        image,
        ref,
        metadata,
        root,
        image.digest(),
        isScanned ? List.of() : RpmDatabase.open(root, work.path().resolve("rpmdb")).packages(),
        isScanned ? Optional.of(RuntimeScan.of(image, work, progress)) : Optional.empty(),
        Accounts.of(root));
  }

  /// @param who needs it to tell what is there
  /// @throws OverpakException (IMAGE) if it has no RPM database
  RuntimeImage requireDatabase(String who) {
    if (scanned.isPresent()) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "%s has no RPM database: %s would install again what is there already"
              .formatted(ref, who),
          "Leave out --engine, or use --engine clean: both need nothing but its files. Or use a"
              + " runtime that keeps its database, in usr/lib/sysimage/rpm, var/lib/rpm or"
              + " usr/share/rpm.");
    }
    return this;
  }

  /// This runtime with another root, of which OTHER says how it differs.
  RuntimeImage withRoot(FileTree changed, String other) {
    Digest digest = Digest.sha256((rootDigest + other).getBytes(StandardCharsets.UTF_8));
    return new RuntimeImage(image, ref, metadata, changed, digest, packages, scanned, accounts);
  }

  /// Of the packages in its RPM database.
  List<PackageHeader> headers() {
    return packages.stream().map(InstalledPackage::header).toList();
  }

  /// A new sandbox that shows this runtime, which is unpacked into the cache for it.
  Sandbox sandbox(WorkDirectory work, Progress progress) {
    return Sandbox.over(
        MaterializedRoot.of(root, rootDigest, work.roots(), progress),
        work.path(),
        Sandbox.Options.DEFAULT);
  }

  /// The files whose content is asked for: accounts, RPM's configuration and database. Whoever
  /// changes this, or the layout of the system, gives the listing a new name above.
  static boolean isNeeded(TreePath path) {
    String value = path.value();
    return value.endsWith("etc/passwd")
        || value.endsWith("etc/group")
        || value.contains("etc/rpm/")
        || value.contains("lib/rpm/macros")
        || path.name().startsWith("rpmdb.sqlite");
  }
}
