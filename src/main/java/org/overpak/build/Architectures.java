package org.overpak.build;

import java.util.Map;
import java.util.Set;

/// The names that RPM and Flatpak have for one architecture. Flatpak's are those of `flatpak
/// --default-arch` (`flatpak-utils.c:flatpak_get_arch`): one for all 32-bit x86, one for all 32-bit
/// ARM, else the kernel's; RPM's are those of its rpmrc, with a name for each level of a processor.
final class Architectures {
  private static final Map<String, String> FLATPAK_BY_RPM =
      Map.ofEntries(
          Map.entry("amd64", "x86_64"),
          Map.entry("ia32e", "x86_64"),
          Map.entry("x86_64_v2", "x86_64"),
          Map.entry("x86_64_v3", "x86_64"),
          Map.entry("x86_64_v4", "x86_64"),
          Map.entry("i386", "i386"),
          Map.entry("i486", "i386"),
          Map.entry("i586", "i386"),
          Map.entry("i686", "i386"),
          Map.entry("athlon", "i386"),
          Map.entry("geode", "i386"),
          Map.entry("pentium3", "i386"),
          Map.entry("pentium4", "i386"),
          Map.entry("ppc64p7", "ppc64"));

  /// RPM's name for what distributions build packages for, where it is not Flatpak's.
  private static final Map<String, String> RPM_BY_FLATPAK =
      Map.of("i386", "i686", "arm", "armv7hl");

  private static final Set<String> NONE = Set.of("noarch", "src", "nosrc");

  private Architectures() {}

  /// Flatpak's name for the machine that this runs on.
  static String ofMachine() {
    return flatpak(System.getProperty("os.arch", ""));
  }

  /// Whether a package of ARCH says nothing of the system it is for.
  static boolean isNone(String arch) {
    return NONE.contains(arch);
  }

  /// Flatpak's name for ARCH of a package.
  static String flatpak(String arch) {
    return arch.startsWith("armv") ? "arm" : FLATPAK_BY_RPM.getOrDefault(arch, arch);
  }

  /// RPM's name for the system that Flatpak calls ARCH.
  static String rpm(String arch) {
    return RPM_BY_FLATPAK.getOrDefault(arch, arch);
  }
}
