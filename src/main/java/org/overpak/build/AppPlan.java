package org.overpak.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.overpak.flatpak.SplitRefs;
import org.overpak.install.Overlay;
import org.overpak.install.Payload;
import org.overpak.install.Transaction;
import org.overpak.repo.VerifiedPackage;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The packages of an app, and how they lie over the runtime. Each engine has one, since where the
/// app will run is the same.
///
/// @param selection why each is there
/// @param ofScripts packages of a runtime that was scanned, by which scripts run
/// @param transaction that installs them on top of the runtime
/// @param overlay the runtime with their files
/// @param prefix where they belong: `/app`, or where an extension is mounted
record AppPlan(
    Selection selection,
    List<VerifiedPackage> packages,
    List<VerifiedPackage> ofScripts,
    Transaction transaction,
    Overlay overlay,
    TreePath prefix) {
  AppPlan {
    packages = List.copyOf(packages);
    ofScripts = List.copyOf(ofScripts);
  }

  /// @param packages the files of SELECTION
  /// @throws org.overpak.OverpakException (PACKAGE) if they do not go together
  static AppPlan of(
      Selection selection,
      List<VerifiedPackage> packages,
      List<VerifiedPackage> ofScripts,
      Product product) {
    RuntimeImage runtime = product.base();
    SplitRefs splitRefs = product.spec().splitRefs();
    List<InstalledPackage> present = new ArrayList<>(runtime.packages());
    ofScripts.forEach(
        one -> present.add(new InstalledPackage(present.size() + 1, one.file().header())));
    Transaction transaction =
        Transaction.of(present, packages.stream().map(one -> one.file().header()).toList());
    List<Payload> payloads =
        payloads(transaction, packages, runtime).stream()
            .map(one -> new Payload(one.nevra(), splitRefs.placed(one.files())))
            .toList();
    TreePath prefix = product.prefix(payloads.stream().map(Payload::files).toList());
    return new AppPlan(
        selection,
        packages,
        ofScripts,
        transaction,
        Overlay.of(runtime.root(), payloads, prefix),
        prefix);
  }

  /// What PACKAGES bring, in the order of TRANSACTION, which installs them on RUNTIME.
  static List<Payload> payloads(
      Transaction transaction, List<VerifiedPackage> packages, RuntimeImage runtime) {
    Map<Nevra, VerifiedPackage> byName = new HashMap<>();
    packages.forEach(one -> byName.put(one.file().header().nevra(), one));
    return transaction.order().stream()
        .map(PackageHeader::nevra)
        .map(
            nevra ->
                new Payload(
                    nevra,
                    Objects.requireNonNull(byName.get(nevra)).file().payload(runtime.accounts())))
        .toList();
  }

  /// What of ROOT, where the packages are installed, is the app's, seen from `/app`.
  FileTree app(FileTree root, SplitRefs splitRefs) {
    Set<TreePath> own = new HashSet<>();
    if (splitRefs.debuginfo()) {
      packages.forEach(one -> one.file().header().files().forEach(file -> own.add(file.path())));
    }
    FileTree files = root.filter((path, _) -> path.startsWith(AppFinish.APP) || own.contains(path));
    return splitRefs.placed(files).subtree(AppFinish.APP);
  }

  /// Where the image has what each package brings, in the order of installation.
  List<Set<TreePath>> parts() {
    return overlay.parts().stream()
        .map(part -> AppFinish.pathsInCommit(part.files().entries().keySet(), prefix))
        .toList();
  }

  /// When the newest package was built, in seconds since 1970.
  long newest() {
    return newest(packages);
  }

  /// The same of any packages.
  static long newest(List<VerifiedPackage> packages) {
    return packages.stream()
        .map(one -> one.file().header())
        .mapToLong(PackageHeader::buildTime)
        .max()
        .orElse(0);
  }
}
