package org.overpak.solve;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;

/// Which packages modularity hides, over all repositories (libdnf, `setModuleExcludes`): those of
/// module streams that are not active, and those that are called or provide what a package of an
/// active stream is called, but are not of it.
///
/// Repositories with `module_hotfixes`, local files and what is installed are exempt: do not ask
/// for their {@link #exclusions}.
public final class ModuleFilter {
  private final Map<String, String> inactive = new HashMap<>();
  private final Set<String> active = new HashSet<>();
  private final Map<String, String> activeNames = new TreeMap<>();

  /// A stream of a module.
  ///
  /// @param artifacts its packages, `NAME-EPOCH:VERSION-RELEASE.ARCH`
  public record Stream(String module, String stream, boolean isActive, List<String> artifacts) {
    public Stream {
      artifacts = List.copyOf(artifacts);
    }

    @Override
    public String toString() {
      return module + ":" + stream;
    }
  }

  public ModuleFilter(List<Stream> streams) {
    for (Stream stream : streams) {
      for (String artifact : stream.artifacts()) {
        if (!stream.isActive()) {
          inactive.putIfAbsent(artifact, stream.toString());
        } else if (active.add(artifact) && !artifact.endsWith("src")) {
          name(artifact).ifPresent(name -> activeNames.putIfAbsent(name, stream.toString()));
        }
      }
    }
  }

  private static Optional<String> name(String artifact) {
    int release = artifact.lastIndexOf('-');
    int version = artifact.lastIndexOf('-', release - 1);
    return version > 0 ? Optional.of(artifact.substring(0, version)) : Optional.empty();
  }

  /// What is hidden of a repository's PACKAGES.
  public Exclusions exclusions(PackageIndex packages) {
    if (inactive.isEmpty() && active.isEmpty()) {
      return Exclusions.NONE;
    }
    Map<Nevra, String> hidden = new HashMap<>();
    activeNames.forEach(
        (name, stream) ->
            Arrays.stream(packages.providing(Dependency.named(name)))
                .mapToObj(packages::nevra)
                .filter(nevra -> !active.contains(artifact(nevra)))
                .forEach(nevra -> hidden.putIfAbsent(nevra, stream)));
    return nevra -> {
      String artifact = artifact(nevra);
      if (active.contains(artifact)) {
        return Optional.empty();
      }
      @Nullable String stream = inactive.get(artifact);
      if (stream != null) {
        return Optional.of("of module " + stream + ", which is not enabled");
      }
      return Optional.ofNullable(hidden.get(nevra))
          .map(module -> "hidden by module " + module + ", which has packages of this name");
    };
  }

  private static String artifact(Nevra nevra) {
    return nevra.name()
        + "-"
        + Integer.toUnsignedString(nevra.evr().epoch())
        + ":"
        + nevra.evr().version()
        + "-"
        + nevra.evr().release()
        + "."
        + nevra.arch();
  }
}
