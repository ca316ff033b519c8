package org.overpak.rpm;

/// Which bytes of a package file a digest or signature is made of.
public enum Coverage {
  /// The header; the payload too if a digest of it is in the header.
  HEADER,
  /// The compressed payload.
  PAYLOAD,
  /// From the header to the end of the file: the kind of signature that rpm made before 2018.
  HEADER_AND_PAYLOAD
}
