package org.overpak.rpm;

/// A dependency with the flags of its header entry, which say what it is needed for (rpmds.h,
/// `rpmsenseFlags_e`).
///
/// @param flags all bits, those of the operator included
public record Requirement(Dependency dependency, int flags) {
  private static final int PRETRANS = 1 << 7;
  private static final int POSTTRANS = 1 << 5;
  private static final int PREREQ = 1 << 6;
  private static final int PRE = 1 << 9;
  private static final int POST = 1 << 10;
  private static final int PREUN = 1 << 11;
  private static final int POSTUN = 1 << 12;
  private static final int MISSINGOK = 1 << 19;
  private static final int RPMLIB = 1 << 24;
  private static final int CONFIG = 1 << 28;
  private static final int META = 1 << 29;

  /// Needed by a scriptlet that runs at install, so it must be installed before.
  public boolean isForInstallScriptlets() {
    return has(PREREQ | PRETRANS | PRE | POST | POSTTRANS);
  }

  /// Needed by a scriptlet that runs when the package is erased.
  public boolean isForEraseScriptlets() {
    return has(PREUN | POSTUN);
  }

  /// A feature of rpm itself, not of a package.
  public boolean isRpmlib() {
    return has(RPMLIB)
        || (dependency instanceof Dependency.Simple simple && simple.name().startsWith("rpmlib("));
  }

  /// `config(NAME)`, a package's word about its own configuration files.
  public boolean isConfig() {
    return has(CONFIG);
  }

  /// Does not order the transaction.
  public boolean isMeta() {
    return has(META);
  }

  /// The old spelling of a recommendation.
  boolean isWeak() {
    return has(MISSINGOK);
  }

  private boolean has(int bits) {
    return (flags & bits) != 0;
  }
}
