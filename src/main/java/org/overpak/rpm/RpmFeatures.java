package org.overpak.rpm;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The `rpmlib(…)` features that packages may rely on (rpmds.cc, `rpmlibProvides`). A package that
/// needs another one was made for a newer rpm, whose files would be misread here.
final class RpmFeatures {
  private static final Map<String, Dependency.Simple> PROVIDED =
      Stream.of(
              "VersionedDependencies) = 3.0.3-1",
              "CompressedFileNames) = 3.0.4-1",
              "PayloadIsBzip2) = 3.0.5-1",
              "PayloadIsXz) = 5.2-1",
              "PayloadIsLzma) = 4.4.2-1",
              "PayloadIsZstd) = 5.4.18-1",
              "PayloadFilesHavePrefix) = 4.0-1",
              "ExplicitPackageProvide) = 4.0-1",
              "HeaderLoadSortsTags) = 4.0.1-1",
              "ScriptletInterpreterArgs) = 4.0.3-1",
              "PartialHardlinkSets) = 4.0.4-1",
              "ConcurrentAccess) = 4.1-1",
              "BuiltinLuaScripts) = 4.2.2-1",
              "FileDigests) = 4.6.0-1",
              "FileCaps) = 4.6.1-1",
              "ScriptletExpansion) = 4.9.0-1",
              "TildeInVersions) = 4.10.0-1",
              "CaretInVersions) = 4.15.0-1",
              "LargeFiles) = 4.12.0-1",
              "RichDependencies) = 4.12.0-1",
              "DynamicBuildRequires) = 4.15.0-1")
          .map(text -> (Dependency.Simple) Dependency.parse("rpmlib(" + text))
          .collect(Collectors.toUnmodifiableMap(Dependency.Simple::name, Function.identity()));

  private RpmFeatures() {}

  /// Those of REQUIREMENTS that are rpm features and are not provided.
  static List<Dependency> missing(List<Requirement> requirements) {
    return requirements.stream()
        .filter(Requirement::isRpmlib)
        .map(Requirement::dependency)
        .filter(dependency -> !isProvided(dependency))
        .toList();
  }

  private static boolean isProvided(Dependency dependency) {
    if (!(dependency instanceof Dependency.Simple simple)) {
      return false;
    }
    Dependency.Simple provided = PROVIDED.get(simple.name());
    return provided != null && simple.satisfiedBy(provided);
  }
}
