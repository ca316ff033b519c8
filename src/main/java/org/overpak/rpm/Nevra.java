package org.overpak.rpm;

/// Name, epoch, version, release and architecture: what names one package build.
public record Nevra(String name, Evr evr, String arch) {
  /// The package itself as a capability, `NAME = EVR`: what obsoletes are matched against.
  public Dependency.Simple asProvide() {
    return new Dependency.Simple(name, Dependency.Operator.EQUAL, evr);
  }

  /// As dnf prints it: `NAME-[EPOCH:]VERSION-RELEASE.ARCH`.
  @Override
  public String toString() {
    return name + "-" + evr + "." + arch;
  }
}
