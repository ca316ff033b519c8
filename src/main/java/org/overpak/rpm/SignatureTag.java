package org.overpak.rpm;

/// The tags of a package file's signature header (rpmtag.h, `rpmSigTag_e`), each with what it
/// becomes in the database (package.cc, `xlateTags`).
public enum SignatureTag implements HeaderTag {
  DSA(267, HeaderType.BIN, Tag.DSAHEADER),
  RSA(268, HeaderType.BIN, Tag.RSAHEADER),
  SHA1(269, HeaderType.STRING, Tag.SHA1HEADER),
  LONGSIZE(270, HeaderType.INT64, Tag.LONGSIGSIZE),
  LONGARCHIVESIZE(271, HeaderType.INT64, Tag.LONGARCHIVESIZE),
  SHA256(273, HeaderType.STRING, Tag.SHA256HEADER),
  FILESIGNATURES(274, HeaderType.STRING_ARRAY, Tag.FILESIGNATURES),
  FILESIGNATURELENGTH(275, HeaderType.INT32, Tag.FILESIGNATURELENGTH),
  VERITYSIGNATURES(276, HeaderType.STRING_ARRAY, Tag.VERITYSIGNATURES),
  VERITYSIGNATUREALGO(277, HeaderType.INT32, Tag.VERITYSIGNATUREALGO),
  OPENPGP(278, HeaderType.STRING_ARRAY, Tag.OPENPGP),
  SHA3_256(279, HeaderType.STRING, Tag.SHA3_256HEADER),
  SIZE(1000, HeaderType.INT32, Tag.SIGSIZE),
  PGP(1002, HeaderType.BIN, Tag.SIGPGP),
  MD5(1004, HeaderType.BIN, Tag.SIGMD5),
  GPG(1005, HeaderType.BIN, Tag.SIGGPG),
  PAYLOADSIZE(1007, HeaderType.INT32, Tag.ARCHIVESIZE);

  private final int number;
  private final HeaderType type;
  private final Tag installed;

  SignatureTag(int number, HeaderType type, Tag installed) {
    this.number = number;
    this.type = type;
    this.installed = installed;
  }

  @Override
  public int number() {
    return number;
  }

  HeaderType type() {
    return type;
  }

  /// The tag under which the database has it, among those of the package's own header.
  Tag installed() {
    return installed;
  }

  /// Whether the package's own header may have it instead.
  boolean isInEither() {
    return switch (this) {
      case FILESIGNATURES, FILESIGNATURELENGTH, PAYLOADSIZE -> true;
      default -> false;
    };
  }
}
