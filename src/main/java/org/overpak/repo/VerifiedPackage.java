package org.overpak.repo;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.overpak.rpm.PackageFile;

/// A package file that is what its repository promised.
public final class VerifiedPackage {
  private final PackageSource source;
  private final PackageFile file;
  private final Verdict.@Nullable Good signature;

  /// @param signature null where the repository needs none
  VerifiedPackage(PackageSource source, PackageFile file, Verdict.@Nullable Good signature) {
    this.source = source;
    this.file = file;
    this.signature = signature;
  }

  public PackageSource source() {
    return source;
  }

  public PackageFile file() {
    return file;
  }

  /// Who signed it; empty where `gpgcheck` of its repository is off.
  public Optional<Verdict.Good> signature() {
    return Optional.ofNullable(signature);
  }
}
