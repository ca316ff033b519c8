package org.overpak.flatpak;

import java.util.List;
import java.util.Optional;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.TreePath;

/// What an extension extends: a runtime or an app, in whose metadata a group `[Extension NAME]` or
/// `[Extension NAME@TAG]` says where and in which branches.
public record ExtensionParent(Ref ref, Metadata metadata) {

  /// The group for the extension ID: one of this name, else, as Flatpak prefers them, one whose
  /// extensions lie in subdirectories (`flatpak-utils.c:flatpak_list_extensions`).
  private record Point(String group, String name) {
    static Optional<Point> of(Keyfile keyfile, String id) {
      List<Point> all =
          keyfile.groups().stream()
              .filter(group -> group.startsWith(Metadata.EXTENSION_PREFIX))
              .map(group -> new Point(group, Metadata.extensionName(group)))
              .toList();
      return all.stream()
          .filter(point -> point.name().equals(id))
          .findFirst()
          .or(
              () ->
                  all.stream()
                      .filter(point -> id.startsWith(point.name() + "."))
                      .filter(point -> keyfile.isTrue(point.group(), "subdirectories"))
                      .findFirst());
    }
  }

  /// Where the extension ID is seen when it is used, in `/app` or `/usr`.
  ///
  /// @throws OverpakException (SPEC) if it is nowhere
  public TreePath mountPoint(String id) {
    Point point = point(id);
    Keyfile keyfile = metadata.keyfile();
    String directory = keyfile.string(point.group(), "directory").orElse("");
    String suffix = keyfile.string(point.group(), "subdirectory-suffix").orElse("");
    try {
      TreePath top = TreePath.parse(directory);
      if (!top.isRoot()) {
        TreePath found = new TreePath(ref.kind() == Ref.Kind.APP ? "app" : "usr").resolve(top);
        return point.name().equals(id)
            ? found
            : found
                .resolve(id.substring(point.name().length() + 1))
                .resolve(TreePath.parse(suffix));
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new OverpakException(
        ExitCode.IMAGE,
        "metadata of %s: [%s] has no directory that can be mounted on: '%s'"
            .formatted(ref, point.group(), directory),
        "Correct 'add-extensions' of what is extended, and build it again.");
  }

  /// The branches of the extension ID that are looked for: where nothing is said, the parent's.
  public List<String> branches(String id) {
    String group = point(id).group();
    List<String> versions = metadata.keyfile().list(group, "versions");
    return versions.isEmpty()
        ? List.of(metadata.keyfile().string(group, "version").orElse(ref.branch()))
        : versions;
  }

  private Point point(String id) {
    return Point.of(metadata.keyfile(), id)
        .orElseThrow(
            () ->
                new OverpakException(
                    ExitCode.SPEC,
                    "%s has no extension point for %s, so Flatpak would never show it"
                        .formatted(ref, id),
                    "Correct 'id', or build what is extended with it in 'add-extensions'."));
  }

  /// The least that EXTENSION needs, as `flatpak build-init --type=extension` writes it.
  ///
  /// @param runtime that it is built on and runs in
  /// @throws OverpakException (SPEC, IMAGE) as {@link Metadata#of} does
  public Metadata metadataOf(Ref extension, Ref runtime, Ref sdk, List<String> tags) {
    Keyfile file = Keyfile.EMPTY.with(Metadata.RUNTIME, "name", extension.id());
    if (ref.kind() == Ref.Kind.RUNTIME) {
      file = file.with(Metadata.RUNTIME, "runtime", ref.pref());
    }
    file = file.with(Metadata.RUNTIME, "sdk", sdk.pref());
    if (!tags.isEmpty()) {
      file = file.with(Metadata.RUNTIME, "tags", tags);
    }
    return Metadata.of(
        file.with(Metadata.EXTENSION_OF, "ref", ref.toString())
            .with(Metadata.EXTENSION_OF, "runtime", runtime.pref()));
  }
}
