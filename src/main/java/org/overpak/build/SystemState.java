package org.overpak.build;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.overpak.tree.TreePath;

/// Files of a system that are written while it is used, and so say nothing of what it is.
final class SystemState {
  private static final TreePath USR = new TreePath("usr");
  static final TreePath ETC = new TreePath("etc");

  /// Put there by container engines, for the container alone; Flatpak makes its own.
  private static final Set<TreePath> OF_ENGINES =
      Set.of(
          new TreePath("etc/hostname"),
          new TreePath("etc/hosts"),
          new TreePath("etc/mtab"),
          new TreePath("etc/resolv.conf"));

  /// Made from other files, by Python, the dynamic linker, and programs that triggers run.
  private static final Pattern GENERATED =
      Pattern.compile(
          ".*/__pycache__/.*\\.pyc|etc/ld\\.so\\.cache|.*/(icon-theme|loaders|giomodule|immodules)\\.cache"
              + "|usr/share/glib-2\\.0/schemas/gschemas\\.compiled|usr/share/mime/(?!packages/).*"
              + "|usr/share/applications/mimeinfo\\.cache|usr/share/info/dir"
              + "|usr/lib/fontconfig/cache/.*");

  private final List<TreePath> databases;

  /// @param databases directories of the RPM database
  SystemState(List<TreePath> databases) {
    this.databases = List.copyOf(databases);
  }

  /// Whether the app that was tested in the system may have seen PATH differently than it will.
  boolean isOfTheSystem(TreePath path) {
    return (path.startsWith(USR) || path.startsWith(ETC))
        && !OF_ENGINES.contains(path)
        && databases.stream().noneMatch(path::startsWith)
        && !GENERATED.matcher(path.value()).matches();
  }
}
