package org.overpak.rpm;

import java.util.List;

/// Everything a package says of others, each list in the order of its header.
public record Relations(
    List<Dependency> provides,
    List<Dependency> requires,
    List<Dependency> conflicts,
    List<Dependency> obsoletes,
    List<Dependency> recommends,
    List<Dependency> suggests,
    List<Dependency> supplements,
    List<Dependency> enhances) {
  public Relations {
    provides = List.copyOf(provides);
    requires = List.copyOf(requires);
    conflicts = List.copyOf(conflicts);
    obsoletes = List.copyOf(obsoletes);
    recommends = List.copyOf(recommends);
    suggests = List.copyOf(suggests);
    supplements = List.copyOf(supplements);
    enhances = List.copyOf(enhances);
  }

  /// Of a package that only provides something.
  public static Relations ofProvides(List<Dependency> provides) {
    List<Dependency> none = List.of();
    return new Relations(provides, none, none, none, none, none, none, none);
  }
}
