package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Which files of an app or runtime become extensions, refs of their own beside its ref, as
/// flatpak-builder divides them: translations, of which Flatpak installs those that the user reads;
/// debugging information, installed by who asks for it; and what the spec bundles.
///
/// @param locales whether translations go to `ID.Locale`
/// @param debuginfo whether what is in `lib/debug` goes to `ID.Debug`
/// @param bundled extension points whose content is built with the app
public record SplitRefs(boolean locales, boolean debuginfo, List<Bundled> bundled) {
  private static final TreePath DEBUG = new TreePath("lib/debug");
  private static final TreePath APP = new TreePath("app");
  private static final TreePath PACKAGED_DEBUG = new TreePath("usr/lib/debug");
  private static final String BUILD = "Build";
  private static final String BUILT = "built-extensions";

  public SplitRefs {
    bundled = List.copyOf(bundled);
  }

  /// An extension whose content is built with the app.
  ///
  /// @param directory relative to `/app` or `/usr`
  /// @param branch empty for that of the app
  public record Bundled(String id, String directory, String branch) {}

  /// A ref that was split off.
  ///
  /// @param files what is mounted
  public record Extension(Ref ref, Metadata metadata, FileTree files) {}

  /// What was divided.
  ///
  /// @param files those that remain, with the directories that the extensions are mounted on
  /// @param metadata with the extension points
  public record Divided(FileTree files, Metadata metadata, List<Extension> extensions) {
    public Divided {
      extensions = List.copyOf(extensions);
    }
  }

  /// The files of a package, seen from the root, where they will be divided: what it has to debug
  /// an app stands in `/usr/lib/debug`, whatever its prefix is (`find-debuginfo` of RPM). Links
  /// there stay right, since they are as deep as before.
  public FileTree placed(FileTree payload) {
    FileTree debug = payload.subtree(PACKAGED_DEBUG);
    return debuginfo && !debug.isEmpty()
        ? payload.without(PACKAGED_DEBUG).overlay(debug.under(APP.resolve(DEBUG)))
        : payload;
  }

  /// FILES arranged so that they can be divided; comes before anything is made of them.
  public FileTree arranged(FileTree files) {
    return locales ? LocaleFiles.moved(files) : files;
  }

  /// Divides FILES, which are arranged, of PARENT.
  ///
  /// @throws OverpakException (SPEC) if METADATA has such an extension already, or a bundled one
  ///   has no files
  public Divided divide(FileTree files, Ref parent, Metadata metadata) {
    var division = new Division(files, parent, metadata.keyfile());
    String prefix = parent.id().replace('-', '_');
    if (locales && division.has(LocaleFiles.DIRECTORY)) {
      division.addPoint(prefix + ".Locale", LocaleFiles.DIRECTORY, "locale-subset");
      division.split(
          prefix + ".Locale", parent.branch(), LocaleFiles.DIRECTORY, path -> isInLanguage(path));
    }
    if (debuginfo && division.has(DEBUG)) {
      division.addPoint(prefix + ".Debug", DEBUG, "no-autodownload");
      division.split(prefix + ".Debug", parent.branch(), DEBUG, path -> !path.isRoot());
    }
    for (Bundled one : bundled) {
      TreePath directory = new TreePath(one.directory());
      if (!division.has(directory)) {
        throw new OverpakException(
            ExitCode.SPEC,
            "add-extensions: %s is to be bundled, but there is nothing in %s of the app"
                .formatted(one.id(), directory),
            "Install the packages that bring it, or remove 'bundle'.");
      }
      division.split(
          one.id(),
          one.branch().isEmpty() ? parent.branch() : one.branch(),
          directory,
          path -> !path.isRoot());
    }
    return division.result();
  }

  /// The directories of languages stay, so that it is seen which there are.
  private static boolean isInLanguage(TreePath path) {
    return path.value().indexOf('/') >= 0;
  }

  /// A division in progress.
  private static final class Division {
    private final Ref parent;
    private final List<Extension> extensions = new ArrayList<>();
    private final FileTree all;
    private FileTree files;
    private Keyfile metadata;

    Division(FileTree files, Ref parent, Keyfile metadata) {
      this.all = files;
      this.files = files;
      this.parent = parent;
      this.metadata = metadata;
    }

    boolean has(TreePath directory) {
      return !all.list(directory).isEmpty();
    }

    /// With the keys and their order of flatpak-builder (`builder_manifest_finish`).
    void addPoint(String id, TreePath directory, String flag) {
      String group = Metadata.EXTENSION_PREFIX + id;
      if (metadata.hasGroup(group)) {
        throw new OverpakException(
            ExitCode.SPEC,
            "the metadata has an extension " + id + " already, which is to be split off",
            "Remove it from 'add-extensions' and 'finish-args', or do not split it off.");
      }
      metadata =
          metadata
              .with(group, "directory", directory.value())
              .with(group, "autodelete", "true")
              .with(group, flag, "true");
    }

    /// @param moved of paths seen from DIRECTORY, whether they go; parents of such stay
    void split(String id, String branch, TreePath directory, Predicate<TreePath> moved) {
      Ref ref = new Ref(Ref.Kind.RUNTIME, id, parent.arch(), branch);
      Keyfile own =
          Keyfile.EMPTY
              .with(Metadata.RUNTIME, "name", id)
              .with(Metadata.EXTENSION_OF, "ref", parent.toString());
      extensions.add(new Extension(ref, Metadata.of(own), all.subtree(directory)));
      FileTree remaining =
          files.filter(
              (path, _) -> !path.startsWith(directory) || !moved.test(path.relativeTo(directory)));
      files = withDirectories(remaining, directory, moved);
    }

    /// Directories that were implied by what is gone.
    private FileTree withDirectories(
        FileTree remaining, TreePath directory, Predicate<TreePath> moved) {
      FileTree result =
          remaining.get(directory).isPresent()
              ? remaining
              : remaining.with(directory, CommitTree.directory());
      for (String name : all.list(directory)) {
        TreePath path = new TreePath(name);
        TreePath child = directory.resolve(path);
        if (!moved.test(path) && result.get(child).isEmpty()) {
          result = result.with(child, CommitTree.directory());
        }
      }
      return result;
    }

    Divided result() {
      if (!extensions.isEmpty()) {
        Set<String> built = new LinkedHashSet<>(metadata.list(BUILD, BUILT));
        extensions.forEach(extension -> built.add(extension.ref().id()));
        metadata = metadata.with(BUILD, BUILT, List.copyOf(built));
      }
      return new Divided(files, Metadata.of(metadata), extensions);
    }
  }
}
