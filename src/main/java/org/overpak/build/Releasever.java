package org.overpak.build;

import java.util.List;
import java.util.Optional;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.PackageIndex;

/// What package managers put in the place of `$releasever`.
final class Releasever {
  /// In this order (dnf5, vars.cpp).
  private static final List<String> CAPABILITIES =
      List.of(
          "system-release(releasever)",
          "system-release",
          "distribution-release(releasever)",
          "distribution-release",
          "redhat-release",
          "suse-release");

  private Releasever() {}

  /// As dnf finds it: the version of what provides `system-release(releasever)`, or of the package
  /// that provides `system-release` or its like; empty if none of INSTALLED does.
  static String of(PackageIndex installed) {
    return CAPABILITIES.stream()
        .flatMap(capability -> providedVersion(installed, capability).stream())
        .findFirst()
        .orElse("");
  }

  private static Optional<String> providedVersion(PackageIndex installed, String capability) {
    for (int position : installed.providing(Dependency.named(capability))) {
      for (Dependency provide : installed.metadata(position).relations().provides()) {
        if (provide instanceof Dependency.Simple simple && simple.name().equals(capability)) {
          return Optional.of(
              simple.evr() != null && capability.endsWith("(releasever)")
                  ? simple.evr().version()
                  : installed.nevra(position).evr().version());
        }
      }
    }
    return Optional.empty();
  }
}
