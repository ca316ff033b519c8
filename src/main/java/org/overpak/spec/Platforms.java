package org.overpak.spec;

import java.util.List;

/// For which architectures something is meant, in RPM's names (`x86_64`, `aarch64`): those in ONLY,
/// or all if it is empty, without those in NOT.
public record Platforms(List<String> only, List<String> not) {
  public static final Platforms ALL = new Platforms(List.of(), List.of());

  public Platforms {
    only = List.copyOf(only);
    not = List.copyOf(not);
  }

  public boolean includes(String arch) {
    return (only.isEmpty() || only.contains(arch)) && !not.contains(arch);
  }
}
