package org.overpak.rpm;

/// A dependency with the flags of its header entry, which say what it is needed for (rpmds.h,
/// `rpmsenseFlags_e`).
///
/// @param flags all bits, those of the operator included
public record Requirement(Dependency dependency, int flags) {
  private static final int POSTTRANS = 1 << 5;
  private static final int PREREQ = 1 << 6;
  private static final int PRETRANS = 1 << 7;
  private static final int INTERPRETER = 1 << 8;
  private static final int PRE = 1 << 9;
  private static final int POST = 1 << 10;
  private static final int PREUN = 1 << 11;
  private static final int POSTUN = 1 << 12;
  private static final int VERIFY = 1 << 13;
  private static final int FOUND = 1 << 14;
  private static final int MISSINGOK = 1 << 19;
  private static final int PREUNTRANS = 1 << 20;
  private static final int POSTUNTRANS = 1 << 21;
  private static final int RPMLIB = 1 << 24;
  private static final int KEYRING = 1 << 26;
  private static final int CONFIG = 1 << 28;
  private static final int META = 1 << 29;

  /// Needed by a scriptlet that runs at install: breaking it is worse than breaking another one
  /// when a loop must be broken (`isInstallPreReq`, and `PreReq:` of old).
  public boolean isForInstallScriptlets() {
    return has(PRE | POST | RPMLIB | KEYRING | PRETRANS | POSTTRANS) || isLegacyPreReq();
  }

  /// `PreReq:` and nothing else (`isLegacyPreReq`).
  private boolean isLegacyPreReq() {
    int kinds =
        INTERPRETER
            | PRE
            | POST
            | PREUN
            | POSTUN
            | VERIFY
            | FOUND
            | RPMLIB
            | KEYRING
            | PRETRANS
            | POSTTRANS
            | PREREQ
            | META
            | MISSINGOK;
    return (flags & kinds) == PREREQ;
  }

  /// Says nothing of who is installed first (`isUnorderedReq`).
  public boolean isUnordered() {
    return has(RPMLIB | CONFIG | PRETRANS | POSTTRANS | VERIFY | META)
        && !has(PRE | POST | PREUN | POSTUN);
  }

  /// A feature of rpm itself, not of a package.
  public boolean isRpmlib() {
    return has(RPMLIB)
        || (dependency instanceof Dependency.Simple simple && simple.name().startsWith("rpmlib("));
  }

  /// The old spelling of a recommendation.
  public boolean isWeak() {
    return has(MISSINGOK);
  }

  /// Whether an entry with FLAGS means nothing once the package is installed (rpmds.h,
  /// `isTransientReq`).
  static boolean isOnlyForInstall(int flags) {
    return (flags & (PRETRANS | PRE | POST | POSTTRANS | RPMLIB | KEYRING)) != 0
        && (flags & (PREUN | POSTUN | PREUNTRANS | POSTUNTRANS | META)) == 0;
  }

  private boolean has(int bits) {
    return (flags & bits) != 0;
  }
}
