package org.overpak.solve;

import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;

/// A package of a {@link Universe}.
///
/// @param repository id of the repository that offers it, or {@link #INSTALLED}
/// @param position its index in the list of packages with which that repository (or the installed
///   packages) entered the universe: by it the caller finds its own package again
public record Solvable(PackageMetadata metadata, String repository, int position) {
  /// What dnf calls the packages of the RPM database; no repository may be named so.
  public static final String INSTALLED = "@System";

  public Nevra nevra() {
    return metadata.nevra();
  }

  public String name() {
    return nevra().name();
  }

  /// Whether the runtime has it: a fixed fact, never a choice.
  public boolean isInstalled() {
    return repository.equals(INSTALLED);
  }

  @Override
  public String toString() {
    return nevra().toString();
  }
}
