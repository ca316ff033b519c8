package org.overpak.build;

import java.util.Locale;

/// Who installs an app's packages, and where. All end in the same `/app`, as far as the packages
/// let them.
public enum Engine {
  /// Overpak itself, on top of the runtime.
  NATIVE,
  /// Overpak itself, into nothing, with all that the packages require: the classic way.
  CLEAN,
  /// The runtime's own dnf, in the sandbox; likewise the others.
  DNF,
  DNF5,
  MICRODNF,
  ZYPPER,
  /// The package manager of an installed SDK, in a copy of it, to which Flatpak gives the sandbox.
  WRITABLE_SDK;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// How it installs what CONTEXT asks for.
  AppInstall install(BuildContext context) {
    return switch (this) {
      case NATIVE -> new OnTopInstall(context, context.planOnTop());
      case CLEAN -> CleanInstall.of(context);
      case DNF -> InstallerInstall.of(context, PackageInstaller.DNF);
      case DNF5 -> InstallerInstall.of(context, PackageInstaller.DNF5);
      case MICRODNF -> InstallerInstall.of(context, PackageInstaller.MICRODNF);
      case ZYPPER -> InstallerInstall.of(context, PackageInstaller.ZYPPER);
      case WRITABLE_SDK -> InstallerInstall.of(context, WritableSdk.of(context));
    };
  }
}
