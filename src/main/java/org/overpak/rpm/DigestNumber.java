package org.overpak.rpm;

import org.overpak.Digest;

/// The numbers that headers use for digest algorithms: OpenPGP's (RFC 9580, section 9.5).
final class DigestNumber {
  static final long MD5 = 1;

  private DigestNumber() {}

  static Digest.Algorithm algorithm(long number, Header header) {
    return switch ((int) number) {
      case 1 -> Digest.Algorithm.MD5;
      case 2 -> Digest.Algorithm.SHA1;
      case 8 -> Digest.Algorithm.SHA256;
      case 9 -> Digest.Algorithm.SHA384;
      case 10 -> Digest.Algorithm.SHA512;
      case 11 -> Digest.Algorithm.SHA224;
      case 12 -> Digest.Algorithm.SHA3_256;
      default -> throw header.origin().malformed("unknown digest algorithm %d", number);
    };
  }
}
