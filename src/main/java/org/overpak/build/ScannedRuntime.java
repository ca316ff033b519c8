package org.overpak.build;

import java.util.List;
import org.overpak.Digest;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;
import org.overpak.rpm.ProvideGenerator;
import org.overpak.tree.TreePath;

/// What a runtime provides by its files.
///
/// @param digest of the image's manifest
/// @param provides by generator, then in the order of their texts
/// @param paths of all its files, directories and links, absolute: what is required by path
public record ScannedRuntime(
    ImageName image, Digest digest, Ref ref, List<Provide> provides, List<String> paths) {
  public ScannedRuntime {
    provides = List.copyOf(provides);
    paths = List.copyOf(paths);
  }

  /// A capability, as a package would have it.
  ///
  /// @param generator the one of rpm-build that finds it
  /// @param files that have it, at least one
  public record Provide(ProvideGenerator generator, String capability, List<TreePath> files) {
    public Provide {
      files = List.copyOf(files);
    }
  }
}
