package org.overpak.spec;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.overpak.NearestName;

/// Reads `platforms`, of the whole spec or of a package: `only` and `not`, each a list, a name, or
/// names separated by commas; or such names alone, which means `only`.
final class PlatformsReader {
  /// RPM's architectures, as of its rpmrc.
  private static final List<String> KNOWN =
      List.of(
          "x86_64",
          "aarch64",
          "ppc64le",
          "s390x",
          "riscv64",
          "i686",
          "i586",
          "i486",
          "i386",
          "armv7hl",
          "armv7hnl",
          "armhfp",
          "armv6hl",
          "ppc64",
          "ppc",
          "s390",
          "loongarch64",
          "mips64el",
          "mipsel",
          "x86_64_v2",
          "x86_64_v3",
          "x86_64_v4");

  /// OCI's and Go's names for them.
  private static final Map<String, String> OCI =
      Map.of("amd64", "x86_64", "arm64", "aarch64", "386", "i686", "arm", "armv7hl");

  private final SpecProblems problems;
  private final Consumer<SpecNote> notes;

  PlatformsReader(SpecProblems problems, Consumer<SpecNote> notes) {
    this.problems = problems;
    this.notes = notes;
  }

  Platforms read(SpecSection parent, String key) {
    YamlNode value = parent.value(key);
    if (value == null) {
      return Platforms.ALL;
    }
    if (!(value instanceof YamlNode.Mapping)) {
      return check(value.position(), new Platforms(parent.names(key), List.of()));
    }
    return parent
        .section(key)
        .map(
            section -> {
              var platforms = new Platforms(section.names("only"), section.names("not"));
              section.refuseUnknown();
              return check(value.position(), platforms);
            })
        .orElse(Platforms.ALL);
  }

  private Platforms check(SpecPosition where, Platforms platforms) {
    platforms.only().forEach(arch -> checkArch(where, arch));
    platforms.not().forEach(arch -> checkArch(where, arch));
    if (!platforms.only().isEmpty() && platforms.only().stream().noneMatch(platforms::includes)) {
      problems.add(
          where, "'not' leaves no platform of those in 'only'", "remove one of the two keys");
    }
    return platforms;
  }

  private void checkArch(SpecPosition where, String arch) {
    if (KNOWN.contains(arch)) {
      return;
    }
    @Nullable String meant = OCI.get(arch);
    if (meant == null) {
      meant = NearestName.to(arch, KNOWN).orElse(null);
    }
    if (meant != null) {
      problems.add(
          where, "unknown platform '" + arch + "'", "RPM's name is probably '" + meant + "'");
    } else {
      notes.accept(new SpecNote(where, "'" + arch + "' is no architecture that RPM knows"));
    }
  }
}
