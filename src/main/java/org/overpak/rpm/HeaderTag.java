package org.overpak.rpm;

/// A tag of one of the two namespaces: {@link Tag} of package and installed headers, {@link
/// SignatureTag} of signature headers. The same number means different things in each.
public sealed interface HeaderTag permits Tag, SignatureTag {
  /// The number on disk.
  int number();

  /// Its name in rpm.
  String name();
}
