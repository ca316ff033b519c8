package org.overpak.rpm;

/// Name, epoch, version, release and architecture: what names one package build.
public record Nevra(String name, Evr evr, String arch) {
  /// As dnf prints it: `NAME-[EPOCH:]VERSION-RELEASE.ARCH`.
  @Override
  public String toString() {
    return name + "-" + evr + "." + arch;
  }
}
