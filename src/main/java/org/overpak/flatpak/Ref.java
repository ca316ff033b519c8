package org.overpak.flatpak;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.overpak.tree.TreePath;

/// The full name of a runtime, app or extension: `app/ID/ARCH/BRANCH` or `runtime/ID/ARCH/BRANCH`.
/// SDKs and all extensions are of kind runtime.
///
/// What may stand in each part is as in Flatpak's `flatpak-ref-utils.c`: the names are ASCII, so
/// that a valid ref is also a valid path and OSTree ref.
public record Ref(Kind kind, String id, String arch, String branch) implements Comparable<Ref> {
  /// The branch that Flatpak's own tools take where none is given.
  public static final String DEFAULT_BRANCH = "master";

  private static final int LONGEST_ID = 255;

  /// Three or more elements, none of which starts with a digit; only the last may hold dashes.
  private static final Pattern ID =
      Pattern.compile(
          "[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)+\\.[A-Za-z_-][A-Za-z0-9_-]*");

  private static final Pattern ARCH = Pattern.compile("[A-Za-z0-9_]+");
  private static final Pattern BRANCH = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]*");

  /// What a ref names.
  public enum Kind {
    APP,
    RUNTIME;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @throws IllegalArgumentException if a part is not valid, saying which and why
  public Ref {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "'"
              + id
              + "' is no valid ID: it needs at least three elements joined by dots, of letters,"
              + " digits and _ (and - in the last), none starting with a digit");
    }
    if (!ARCH.matcher(arch).matches()) {
      throw new IllegalArgumentException("'" + arch + "' is no valid architecture of " + id);
    }
    if (!isBranch(branch)) {
      throw new IllegalArgumentException(
          "'"
              + branch
              + "' is no valid branch of "
              + id
              + ": letters, digits, _, - and (not first) dots");
    }
  }

  /// Whether TEXT can be the ID of an app, a runtime or an extension.
  public static boolean isId(String text) {
    return text.length() <= LONGEST_ID && ID.matcher(text).matches();
  }

  /// Whether TEXT can be a branch.
  public static boolean isBranch(String text) {
    return BRANCH.matcher(text).matches();
  }

  /// Parses `KIND/ID/ARCH/BRANCH`.
  ///
  /// @throws IllegalArgumentException if TEXT is anything else
  public static Ref parse(String text) {
    List<String> parts = List.of(text.split("/", -1));
    if (parts.size() == 4) {
      for (Kind kind : Kind.values()) {
        if (kind.toString().equals(parts.getFirst())) {
          return new Ref(kind, parts.get(1), parts.get(2), parts.get(3));
        }
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no full ref: app/ID/ARCH/BRANCH or runtime/ID/ARCH/BRANCH");
  }

  /// Parses `ID/ARCH/BRANCH`, as it stands behind `runtime=` and `sdk=`.
  ///
  /// @throws IllegalArgumentException if TEXT is anything else
  public static Ref parsePref(Kind kind, String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'" + text + "' is not ID/ARCH/BRANCH");
    }
    return new Ref(kind, parts[0], parts[1], parts[2]);
  }

  /// `ID/ARCH/BRANCH`.
  public String pref() {
    return id + "/" + arch + "/" + branch;
  }

  /// Flatpak's name of the architecture as OCI images have it: Go's.
  public String ociArchitecture() {
    return ociArchitecture(arch);
  }

  /// As {@link #ociArchitecture()}, of any architecture that Flatpak names.
  public static String ociArchitecture(String arch) {
    return switch (arch) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case "i386" -> "386";
      default -> arch;
    };
  }

  /// The inverse of {@link #ociArchitecture(String)}.
  public static String archOfOci(String ociArchitecture) {
    return switch (ociArchitecture) {
      case "amd64" -> "x86_64";
      case "arm64" -> "aarch64";
      case "386" -> "i386";
      default -> ociArchitecture;
    };
  }

  /// Byte order of the full names.
  @Override
  public int compareTo(Ref other) {
    return TreePath.compare(toString(), other.toString());
  }

  @Override
  public String toString() {
    return kind + "/" + pref();
  }
}
