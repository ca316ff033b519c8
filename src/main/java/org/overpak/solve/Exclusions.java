package org.overpak.solve;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.overpak.rpm.Nevra;

/// Decides which packages of a repository may not be chosen: `excludepkgs`, `includepkgs`, modules,
/// and what a spec excludes.
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

  /// What a spec excludes wherever it comes from, as dnf's option `--exclude` does. Patterns fit
  /// the forms of a NEVRA that dnf takes (`name`, `name.arch`, `name-version`,
  /// `name-version-release`, with epoch and arch).
  static Exclusions bySpec(List<String> exclude) {
    return exclude.isEmpty()
        ? NONE
        : matching(exclude, "excluded by 'overpak: exclude' %s"::formatted);
  }

  private static Exclusions matching(List<String> patterns, UnaryOperator<String> reason) {
    List<Glob> globs = patterns.stream().map(Glob::new).toList();
    return nevra -> {
      List<String> forms = forms(nevra);
      return globs.stream()
          .filter(glob -> forms.stream().anyMatch(glob::matches))
          .findFirst()
          .map(glob -> reason.apply(glob.text()));
    };
  }

  /// `includepkgs` and `excludepkgs` of the repository called ID, with patterns as above: where
  /// anything is included, all else is excluded; what is excluded by name stays so.
  static Exclusions of(String id, List<String> include, List<String> exclude) {
    Exclusions byName =
        exclude.isEmpty()
            ? NONE
            : matching(exclude, glob -> "excluded by excludepkgs=" + glob + " of repository " + id);
    if (include.isEmpty()) {
      return byName;
    }
    Exclusions included = matching(include, UnaryOperator.identity());
    return byName.or(
        nevra ->
            included.reason(nevra).isPresent()
                ? Optional.empty()
                : Optional.of("not among the includepkgs of repository " + id));
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
