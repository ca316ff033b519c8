package org.overpak.solve;

import java.util.Optional;
import org.overpak.rpm.PackageMetadata;

/// Decides which packages of a repository may not be chosen: `excludepkgs`, `includepkgs`, modules.
///
/// An excluded package stays visible, so that an explanation can name it.
@FunctionalInterface
public interface Exclusions {
  Exclusions NONE = _ -> Optional.empty();

  /// Why the package may not be chosen, as a clause that follows "is": `excluded by
  /// excludepkgs=foo* of repository bar`; empty where it may.
  Optional<String> reason(PackageMetadata metadata);
}
