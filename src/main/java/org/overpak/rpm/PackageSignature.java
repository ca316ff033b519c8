package org.overpak.rpm;

/// An OpenPGP signature that came with a package, not verified.
public final class PackageSignature {
  private final Coverage coverage;
  private final byte[] packet;

  PackageSignature(Coverage coverage, byte[] packet) {
    this.coverage = coverage;
    this.packet = packet;
  }

  /// What it signs: the bytes of {@link PackageFile#open(Coverage)}.
  public Coverage coverage() {
    return coverage;
  }

  /// The binary OpenPGP signature packet.
  public byte[] packet() {
    return packet.clone();
  }
}
