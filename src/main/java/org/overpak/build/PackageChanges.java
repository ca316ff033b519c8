package org.overpak.build;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.Nevra;

/// What differs between two RPM databases of one system.
///
/// @param added packages of which the earlier one had none of that name, in the order of their
///   installation
/// @param replaced one line for each package of the earlier one that is gone or is another version
record PackageChanges(List<InstalledPackage> added, List<String> replaced) {
  PackageChanges {
    added = List.copyOf(added);
    replaced = List.copyOf(replaced);
  }

  static PackageChanges between(List<InstalledPackage> before, List<InstalledPackage> after) {
    Set<Nevra> kept = new HashSet<>();
    after.forEach(one -> kept.add(one.nevra()));
    Set<Nevra> old = new HashSet<>();
    before.forEach(one -> old.add(one.nevra()));
    Map<String, Nevra> others = new HashMap<>();
    after.stream()
        .map(InstalledPackage::nevra)
        .filter(nevra -> !old.contains(nevra))
        .forEach(nevra -> others.put(key(nevra), nevra));
    List<String> replaced = new ArrayList<>();
    Set<Nevra> replacing = new HashSet<>();
    before.stream()
        .map(InstalledPackage::nevra)
        .filter(nevra -> !kept.contains(nevra))
        .sorted(Comparator.comparing(Nevra::toString))
        .forEach(
            nevra -> {
              Nevra other = others.get(key(nevra));
              if (other == null) {
                replaced.add(nevra + " is removed");
              } else {
                replaced.add(nevra + " became " + other.evr());
                replacing.add(other);
              }
            });
    List<InstalledPackage> added =
        after.stream()
            .filter(one -> !old.contains(one.nevra()) && !replacing.contains(one.nevra()))
            .sorted(Comparator.comparingInt(InstalledPackage::number))
            .toList();
    return new PackageChanges(added, replaced);
  }

  private static String key(Nevra nevra) {
    return nevra.name() + "." + nevra.arch();
  }
}
