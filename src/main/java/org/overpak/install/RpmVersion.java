package org.overpak.install;

import java.util.List;
import org.overpak.rpm.Evr;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.VersionOrder;

/// What differs between versions of rpm in how a transaction runs. The runtime's own rpm decides,
/// as it would if the app were installed inside of it.
record RpmVersion(String version) {
  /// As the newest that is known, where the runtime has no rpm.
  private static final RpmVersion NEWEST = new RpmVersion("6.0.0");

  /// Whether one of PACKAGES is rpm.
  static boolean isAmong(List<PackageHeader> packages) {
    return packages.stream().anyMatch(one -> one.nevra().name().equals("rpm"));
  }

  /// The version that INSTALLED has.
  static RpmVersion of(List<PackageHeader> installed) {
    return installed.stream()
        .map(PackageHeader::nevra)
        .filter(nevra -> nevra.name().equals("rpm"))
        .map(nevra -> nevra.evr())
        .max(Evr::compareTo)
        .map(evr -> new RpmVersion(evr.version()))
        .orElse(NEWEST);
  }

  private boolean isAtLeast(String other) {
    return VersionOrder.compare(version, other) >= 0;
  }

  /// File triggers are given how many instances of packages there are; before, always 0.
  boolean countsForFileTriggers() {
    return isAtLeast("4.20");
  }

  /// Users and groups are made from what packages provide.
  boolean makesAccounts() {
    return isAtLeast("4.19");
  }

  /// Weak dependencies do not order, unless for scriptlets, and ordering hints are hints no more.
  boolean ignoresWeakInOrder() {
    return isAtLeast("4.20");
  }

  /// The members of a loop are looked at from the last one found.
  boolean reversesLoops() {
    return isAtLeast("6");
  }
}
