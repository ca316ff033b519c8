package org.overpak.flatpak;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.overpak.tree.TreePath;

/// Which files of a directory an app exports to the host (`flatpak-builtins-build-finish.c` and
/// `flatpak_get_allowed_exports`).
///
/// @param source the directory below `/app`
/// @param target where they go below `export`
/// @param extensions what their names end with
/// @param isExact whether the rest of the name must be a bus name that the app owns; else it must
///   begin with the app's ID
record ExportRule(TreePath source, TreePath target, List<String> extensions, boolean isExact) {
  static final List<ExportRule> ALL =
      List.of(
          beginning("share/applications", ".desktop"),
          beginning("share/mime/packages", ".xml"),
          beginning("share/icons", ".svgz", ".png", ".svg", ".ico"),
          new ExportRule(
              new TreePath("share/dbus-1/services"),
              new TreePath("share/dbus-1/services"),
              List.of(".service"),
              true),
          beginning("share/gnome-shell/search-providers", ".ini"),
          // The old place of AppStream files. Those of the new one take precedence.
          new ExportRule(
              new TreePath("share/appdata"),
              new TreePath("share/metainfo"),
              List.of(".xml"),
              false),
          beginning("share/metainfo", ".xml"));

  private static ExportRule beginning(String directory, String... extensions) {
    var path = new TreePath(directory);
    return new ExportRule(path, path, List.of(extensions), false);
  }

  /// Why a file called NAME is not exported; empty if it is.
  String refusal(String name, String id, Collection<String> ownNames) {
    String stem =
        extensions.stream()
            .filter(name::endsWith)
            .findFirst()
            .map(extension -> name.substring(0, name.length() - extension.length()))
            .orElse(null);
    if (stem == null) {
      return "its name does not end with " + String.join(" or ", extensions);
    }
    Stream<String> patterns = Stream.of(id + ".*");
    int matched =
        (isExact ? Stream.concat(patterns, ownNames.stream()) : patterns)
            .mapToInt(pattern -> matchedLength(stem, pattern))
            .max()
            .orElse(0);
    if (isExact) {
      return matched > 0 && matched == stem.length()
          ? ""
          : "it is named after no bus name that the app owns; give --own-name in the finish-args";
    }
    return matched > 0 && (matched == stem.length() || !isElement(stem.charAt(matched), false))
        ? ""
        : "its name does not begin with " + id;
  }

  /// How much of NAME is a bus name that PATTERN stands for: PATTERN itself, or if it ends with
  /// `.*`, as many elements more as follow.
  private static int matchedLength(String name, String pattern) {
    boolean wildcard = pattern.endsWith(".*");
    String prefix = wildcard ? pattern.substring(0, pattern.length() - 2) : pattern;
    if (!name.startsWith(prefix)) {
      return 0;
    }
    int end = prefix.length();
    if (wildcard && startsElement(name, end)) {
      end += 2;
      while (end < name.length()
          && (isElement(name.charAt(end), true) || startsElement(name, end))) {
        end++;
      }
    }
    return end;
  }

  /// Whether a dot and the first character of an element stand at AT.
  private static boolean startsElement(String name, int at) {
    return at + 1 < name.length()
        && name.charAt(at) == '.'
        && isElement(name.charAt(at + 1), true)
        && !(name.charAt(at + 1) >= '0' && name.charAt(at + 1) <= '9');
  }

  private static boolean isElement(char c, boolean withDash) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || (withDash && c == '-');
  }
}
