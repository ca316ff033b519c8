package org.overpak.rpm;

/// The tags of a package file's signature header (rpmtag.h, `rpmSigTag_e`).
public enum SignatureTag implements HeaderTag {
  DSA(267, HeaderType.BIN),
  RSA(268, HeaderType.BIN),
  SHA1(269, HeaderType.STRING),
  LONGSIZE(270, HeaderType.INT64),
  LONGARCHIVESIZE(271, HeaderType.INT64),
  SHA256(273, HeaderType.STRING),
  OPENPGP(278, HeaderType.STRING_ARRAY),
  SHA3_256(279, HeaderType.STRING),
  SIZE(1000, HeaderType.INT32),
  PGP(1002, HeaderType.BIN),
  MD5(1004, HeaderType.BIN),
  GPG(1005, HeaderType.BIN),
  PAYLOADSIZE(1007, HeaderType.INT32);

  private final int number;
  private final HeaderType type;

  SignatureTag(int number, HeaderType type) {
    this.number = number;
    this.type = type;
  }

  @Override
  public int number() {
    return number;
  }

  HeaderType type() {
    return type;
  }
}
