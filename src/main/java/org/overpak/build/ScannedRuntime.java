package org.overpak.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.overpak.Digest;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.ProvideGenerator;
import org.overpak.rpm.Relations;
import org.overpak.tree.TreePath;

/// What a runtime provides by its files.
///
/// @param digest of the image's manifest
/// @param provides by generator, then in the order of their texts
/// @param paths of all its files, directories and links, absolute: what is required by path
public record ScannedRuntime(
    ImageName image, Digest digest, Ref ref, List<Provide> provides, List<String> paths) {
  /// Marks the package that a runtime is taken for; no release of a package is called so.
  private static final String RELEASE = "scanned";

  /// glibc's loaders, of all architectures (glibc, `shlib-versions`).
  private static final Pattern LOADER =
      Pattern.compile("ld(64|-linux(-[a-z0-9_-]+)?)?\\.so\\.\\d+(\\(.*)?");

  public ScannedRuntime {
    provides = List.copyOf(provides);
    paths = List.copyOf(paths);
  }

  /// The runtime as one package, which provides what was found and owns all paths.
  PackageMetadata metadata() {
    List<Dependency> capabilities = new ArrayList<>();
    provides.stream()
        .map(Provide::capability)
        .flatMap(capability -> parsed(capability).stream())
        .forEach(capabilities::add);
    if (provides.stream().anyMatch(Provide::isLoader)) {
      // What can load hash tables of GNU's kind says so by hand (glibc.spec).
      capabilities.add(Dependency.named("rtld(GNU_HASH)"));
    }
    return new PackageMetadata(
        new Nevra(ref.id(), new Evr(0, ref.branch(), RELEASE), Architectures.rpm(ref.arch())),
        "",
        Relations.ofProvides(capabilities),
        paths,
        0);
  }

  /// Names in files may be such as no package can say.
  private static Optional<Dependency> parsed(String capability) {
    try {
      return Optional.of(Dependency.parse(capability));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Whether PACKAGES are those of a runtime that was scanned.
  static boolean isIn(PackageIndex packages) {
    return packages.size() > 0 && packages.nevra(0).evr().release().equals(RELEASE);
  }

  /// A capability, as a package would have it.
  ///
  /// @param generator the one of rpm-build that finds it
  /// @param files that have it, at least one
  public record Provide(ProvideGenerator generator, String capability, List<TreePath> files) {
    public Provide {
      files = List.copyOf(files);
    }

    boolean isLoader() {
      return generator == ProvideGenerator.LIBRARY && LOADER.matcher(capability).matches();
    }
  }
}
