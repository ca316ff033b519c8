package org.overpak.build;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.install.Leak;
import org.overpak.rpm.Nevra;
import org.overpak.spec.ContainerSpec;
import org.overpak.tree.TreePath;

/// What may lie outside where packages belong and be dropped: files, or directories with all in
/// them.
record AllowedLeaks(List<TreePath> paths) {
  static final String ADVICE =
      "--allow-leak PATH, or 'overpak: {allow-leaks: [PATH]}' in the spec.";

  /// As many leaks as a message lists.
  private static final int SHOWN = 10;

  AllowedLeaks {
    paths = List.copyOf(paths);
  }

  /// What SPEC allows, and MORE.
  static AllowedLeaks of(ContainerSpec spec, List<TreePath> more) {
    return new AllowedLeaks(Stream.concat(spec.allowedLeaks().stream(), more.stream()).toList());
  }

  boolean includes(TreePath path) {
    return paths.stream().anyMatch(path::startsWith);
  }

  /// Refuses LEAKS of which any is not allowed.
  ///
  /// @param prefix where packages belong
  /// @param reason why a package is there, as a sentence, or nothing
  /// @throws OverpakException (PACKAGE) listing them
  void requireAll(List<Leak> leaks, TreePath prefix, Function<Nevra, String> reason) {
    List<Leak> refused = leaks.stream().filter(leak -> !includes(leak.path())).toList();
    if (refused.isEmpty()) {
      return;
    }
    throw new OverpakException(
        ExitCode.PACKAGE,
        "packages install files outside %s, which Flatpak would drop: ".formatted(prefix)
            + shown(refused.stream().map(leak -> leak.path() + " of " + leak.nevra()).toList())
            + ". "
            + reason.apply(refused.getFirst().nevra()),
        "Rebuild the package for %s; or if these files are not needed, allow that they are dropped: "
                .formatted(prefix)
            + ADVICE);
  }

  /// The first of many, and how many more there are.
  static String shown(List<String> all) {
    String more = all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "";
    return all.stream().limit(SHOWN).collect(Collectors.joining(", ")) + more;
  }
}
