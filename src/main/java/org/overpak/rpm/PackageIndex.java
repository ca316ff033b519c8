package org.overpak.rpm;

import java.util.Collection;
import java.util.List;

/// Many packages, each at a position from 0, found by what they say of themselves without reading
/// them all: a repository has tens of thousands, and a request concerns some hundred.
///
/// Immutable. Positions are always returned ascending and once each.
public interface PackageIndex {
  int size();

  Nevra nevra(int position);

  PackageMetadata metadata(int position);

  /// The packages called NAME.
  int[] named(String name);

  /// The packages of which a provide meets REQUIREMENT. Each provides itself, `NAME = EVR`, even
  /// where its header does not say so (as libsolv's readers add it). Files count only where they
  /// are listed as provides: see {@link #owning}.
  int[] providing(Dependency.Simple requirement);

  /// The packages that obsolete some versions of what is called NAME.
  int[] obsoleting(String name);

  /// The packages that list PATH among their {@link PackageMetadata#files}.
  int[] owning(String path);

  /// The packages that supplement something.
  int[] supplementing();

  /// The names of all packages; one that several packages have may be there several times.
  Collection<String> names();

  /// PACKAGES, indexed when they are first looked for.
  static PackageIndex of(List<PackageMetadata> packages) {
    return new PackageList(packages);
  }
}
