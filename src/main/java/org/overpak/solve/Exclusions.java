package org.overpak.solve;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.overpak.rpm.Nevra;

/// Decides which packages of a repository may not be chosen: `excludepkgs`, `includepkgs`, modules.
///
/// An excluded package stays visible, so that an explanation can name it.
@FunctionalInterface
public interface Exclusions {
  Exclusions NONE = _ -> Optional.empty();

  /// Why the package may not be chosen, as a clause that follows "is": `excluded by
  /// excludepkgs=foo* of repository bar`; empty where it may.
  Optional<String> reason(Nevra nevra);

  /// What either rules out; the reason of the first counts.
  default Exclusions or(Exclusions other) {
    return nevra -> reason(nevra).or(() -> other.reason(nevra));
  }

  /// `includepkgs` and `excludepkgs` of the repository called ID: where anything is included, all
  /// else is excluded; what is excluded by name stays so. Patterns fit the forms of a NEVRA that
  /// dnf takes (`name`, `name.arch`, `name-version`, `name-version-release`, with epoch and arch).
  static Exclusions of(String id, List<String> include, List<String> exclude) {
    if (include.isEmpty() && exclude.isEmpty()) {
      return NONE;
    }
    List<Glob> included = include.stream().map(Glob::new).toList();
    List<Glob> excluded = exclude.stream().map(Glob::new).toList();
    return nevra -> {
      List<String> forms = forms(nevra);
      Optional<String> byName =
          excluded.stream()
              .filter(glob -> forms.stream().anyMatch(glob::matches))
              .findFirst()
              .map(glob -> "excluded by excludepkgs=" + glob.text() + " of repository " + id);
      boolean isLeftOut =
          !included.isEmpty()
              && included.stream().noneMatch(glob -> forms.stream().anyMatch(glob::matches));
      return byName.or(
          () ->
              isLeftOut
                  ? Optional.of("not among the includepkgs of repository " + id)
                  : Optional.empty());
    };
  }

  private static List<String> forms(Nevra nevra) {
    String release = nevra.evr().version() + "-" + nevra.evr().release();
    String epoch = Integer.toUnsignedString(nevra.evr().epoch()) + ":";
    return Stream.of("", "-" + nevra.evr().version(), "-" + release, "-" + epoch + release)
        .map(nevra.name()::concat)
        .flatMap(form -> Stream.of(form, form + "." + nevra.arch()))
        .toList();
  }
}
