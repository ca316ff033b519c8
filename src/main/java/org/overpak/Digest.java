package org.overpak;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// A digest of some bytes: algorithm and lower-case hexadecimal value.
///
/// Written as OCI writes it, `sha256:HEX` ([image-spec,
/// descriptor](https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests)).
public record Digest(Algorithm algorithm, String hex) {

  /// The algorithms that OCI, RPM and repodata use. MD5 and SHA-1 detect damage, never forgery.
  public enum Algorithm {
    MD5("MD5", 16, false),
    SHA1("SHA-1", 20, false),
    SHA224("SHA-224", 28, true),
    SHA256("SHA-256", 32, true),
    SHA384("SHA-384", 48, true),
    SHA512("SHA-512", 64, true),
    SHA3_256("SHA3-256", 32, true);

    private final String javaName;
    private final int bytes;
    private final boolean strong;

    Algorithm(String javaName, int bytes, boolean strong) {
      this.javaName = javaName;
      this.bytes = bytes;
      this.strong = strong;
    }

    /// Whether a match proves that the bytes are the ones that were meant.
    public boolean isStrong() {
      return strong;
    }

    public MessageDigest start() {
      try {
        return MessageDigest.getInstance(javaName);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this Java lacks " + javaName, e);
      }
    }

    /// The algorithm called NAME in OCI digests and repodata checksums; `sha` is repodata's SHA-1.
    ///
    /// @throws IllegalArgumentException for any other name
    public static Algorithm named(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "md5" -> MD5;
        case "sha", "sha1" -> SHA1;
        case "sha224" -> SHA224;
        case "sha256" -> SHA256;
        case "sha384" -> SHA384;
        case "sha512" -> SHA512;
        case "sha3-256" -> SHA3_256;
        default -> throw new IllegalArgumentException("unknown digest algorithm: " + name);
      };
    }
  }

  public Digest {
    if (hex.length() != algorithm.bytes * 2 || !isLowerHex(hex)) {
      throw new IllegalArgumentException("not a " + algorithm + " digest: " + hex);
    }
  }

  private static boolean isLowerHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }

  /// Parses `sha256:HEX`.
  ///
  /// @throws IllegalArgumentException if TEXT is anything else
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a digest (ALGORITHM:HEX): " + text);
    }
    return new Digest(Algorithm.named(text.substring(0, colon)), text.substring(colon + 1));
  }

  /// What was fed to DIGEST so far; resets it.
  public static Digest finish(Algorithm algorithm, MessageDigest digest) {
    return new Digest(algorithm, HexFormat.of().formatHex(digest.digest()));
  }

  public static Digest sha256(byte[] bytes) {
    return finish(Algorithm.SHA256, withUpdate(Algorithm.SHA256.start(), bytes));
  }

  private static MessageDigest withUpdate(MessageDigest digest, byte[] bytes) {
    digest.update(bytes);
    return digest;
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return algorithm.name().toLowerCase(Locale.ROOT).replace('_', '-') + ":" + hex;
  }
}
