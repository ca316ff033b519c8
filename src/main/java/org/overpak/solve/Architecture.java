package org.overpak.solve;

import java.util.List;
import java.util.Map;

/// Which package architectures may be installed on a target, best first (libsolv's `poolarch.c`).
///
/// `noarch` always fits; `src` and any other never do. An app holds one word size, so by default
/// only the target's own levels are accepted; {@link #withMultilib} adds those of its 32-bit
/// sibling.
public record Architecture(String name, List<String> accepted) {

  /// What runs on what, grouped by word size: levels within a group replace each other, groups live
  /// beside each other.
  private static final Map<String, List<List<String>>> GROUPS =
      Map.ofEntries(
          Map.entry("x86_64", List.of(List.of("x86_64"), I686.LEVELS)),
          Map.entry("x86_64_v2", List.of(List.of("x86_64_v2", "x86_64"), I686.LEVELS)),
          Map.entry("x86_64_v3", List.of(List.of("x86_64_v3", "x86_64_v2", "x86_64"), I686.LEVELS)),
          Map.entry(
              "x86_64_v4",
              List.of(List.of("x86_64_v4", "x86_64_v3", "x86_64_v2", "x86_64"), I686.LEVELS)),
          Map.entry("i686", List.of(I686.LEVELS)),
          Map.entry("s390x", List.of(List.of("s390x"), List.of("s390"))),
          Map.entry("ppc64", List.of(List.of("ppc64"), List.of("ppc"))),
          Map.entry("armv7hl", List.of(List.of("armv7hl", "armv6hl"))));

  private static final class I686 {
    static final List<String> LEVELS = List.of("i686", "i586", "i486", "i386");
  }

  /// The order of a package that fits any target.
  static final int NOARCH = 0;

  /// The order of a package that fits this target in no way.
  static final int UNFIT = Integer.MAX_VALUE;

  public Architecture {
    accepted = List.copyOf(accepted);
  }

  /// The target called NAME, as rpm and Flatpak's `x86_64` and `aarch64` name it.
  public static Architecture of(String name) {
    return new Architecture(name, GROUPS.getOrDefault(name, List.of(List.of(name))).getFirst());
  }

  /// The same target, with the packages of its 32-bit sibling accepted beside its own.
  public Architecture withMultilib() {
    return new Architecture(
        name,
        GROUPS.getOrDefault(name, List.of(List.of(name))).stream().flatMap(List::stream).toList());
  }

  /// {@link #NOARCH}, {@link #UNFIT}, or from 1 the better the smaller.
  int order(String arch) {
    if (arch.equals("noarch")) {
      return NOARCH;
    }
    int index = accepted.indexOf(arch);
    return index < 0 ? UNFIT : index + 1;
  }

  /// Whether packages of one name in both architectures may be installed beside each other: they
  /// are of different word size (libsolv's `pool_colormatch`).
  static boolean coexist(String a, String b) {
    return !a.equals(b) && !a.equals("noarch") && !b.equals("noarch") && is64Bit(a) != is64Bit(b);
  }

  /// Whether replacing one by the other is an update and no change of architecture.
  static boolean sameGroup(String a, String b) {
    return a.equals(b) || a.equals("noarch") || b.equals("noarch") || is64Bit(a) == is64Bit(b);
  }

  private static boolean is64Bit(String arch) {
    return arch.contains("64") || arch.equals("s390x");
  }
}
