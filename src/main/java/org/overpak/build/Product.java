package org.overpak.build;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.ExtensionParent;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What is built on top of a runtime, with what it is built on.
sealed interface Product {
  FlatpakSpec spec();

  /// The runtime with all that is in place before packages are laid over it.
  RuntimeImage base();

  /// Where the packages with the files PAYLOADS belong: what is there becomes the image.
  TreePath prefix(List<FileTree> payloads);

  /// The images of what is in the prefix, seen from there.
  ///
  /// @param timestamp of the images and all in them, in seconds since 1970
  /// @param notes hears what is not wrong but worth a look
  /// @throws OverpakException (SPEC, PACKAGE) if what the spec asks for cannot be done
  FinishedApp finish(FileTree files, long timestamp, Consumer<String> notes);

  record App(FlatpakSpec spec, RuntimeImage base) implements Product {
    @Override
    public TreePath prefix(List<FileTree> payloads) {
      return AppFinish.APP;
    }

    @Override
    public FinishedApp finish(FileTree files, long timestamp, Consumer<String> notes) {
      return new AppFinish(spec, base.ref(), base.metadata(), timestamp, notes).finish(files);
    }
  }

  /// @param base with the files of an app that is extended, and nothing at the mount point
  record Extension(FlatpakSpec spec, RuntimeImage base, ExtensionParent parent, TreePath mountPoint)
      implements Product {

    /// An extension of RUNTIME.
    static Extension ofRuntime(FlatpakSpec spec, RuntimeImage runtime) {
      var parent = new ExtensionParent(runtime.ref(), runtime.metadata());
      return of(spec, runtime, parent);
    }

    /// An extension of the app in the image APP, which is on RUNTIME.
    ///
    /// @throws OverpakException (IMAGE) if it is no app, or on another runtime
    static Extension ofApp(
        FlatpakSpec spec, RuntimeImage runtime, Image app, WorkDirectory work, Progress progress) {
      Ref ref = ImageLabels.ref(app.config().labels());
      Metadata metadata = ImageLabels.metadata(app.config().labels());
      if (ref.kind() != Ref.Kind.APP || !metadata.runtime().equals(Optional.of(runtime.ref()))) {
        throw new OverpakException(
            ExitCode.IMAGE,
            "%s is no app on %s".formatted(ref, runtime.ref()),
            "Give an app as --extends and its runtime as --runtime; to extend a runtime, leave out"
                + " --extends.");
      }
      FileTree files =
          work.images()
              .readTree(app, "app-1", _ -> false, Extension::files, progress)
              .under(AppFinish.APP);
      RuntimeImage base =
          runtime.withRoot(
              runtime.root().without(AppFinish.APP).overlay(files), app.digest().toString());
      return of(spec, base, new ExtensionParent(ref, metadata));
    }

    private static FileTree files(FileTree image) {
      return image.subtree(image.contains(CommitTree.FILES) ? CommitTree.FILES : AppFinish.APP);
    }

    /// What its parent has there is hidden when an extension is mounted.
    private static Extension of(FlatpakSpec spec, RuntimeImage base, ExtensionParent parent) {
      TreePath mountPoint = parent.mountPoint(spec.id());
      boolean isEmpty =
          base.root().subtree(mountPoint).entries().values().stream()
              .allMatch(Entry.Directory.class::isInstance);
      return new Extension(
          spec,
          isEmpty ? base : base.withRoot(base.root().without(mountPoint), "without " + mountPoint),
          parent,
          mountPoint);
    }

    /// Where it is mounted; or `/app`, for which packages of extensions of runtimes are built with
    /// flatpak-module-tools.
    @Override
    public TreePath prefix(List<FileTree> payloads) {
      boolean isThere = payloads.stream().anyMatch(files -> !files.subtree(mountPoint).isEmpty());
      return isThere || parent.ref().kind() == Ref.Kind.APP ? mountPoint : AppFinish.APP;
    }

    @Override
    public FinishedApp finish(FileTree files, long timestamp, Consumer<String> notes) {
      if (files.entries().values().stream().allMatch(Entry.Directory.class::isInstance)) {
        throw new OverpakException(
            ExitCode.PACKAGE,
            "the extension %s would be empty: there is nothing in %s%s"
                .formatted(
                    spec.id(),
                    mountPoint,
                    parent.ref().kind() == Ref.Kind.APP ? "" : " or " + AppFinish.APP),
            "Build the packages for that prefix, or move their files there in 'cleanup-commands'.");
      }
      return new ExtensionFinish(spec, parent, base, timestamp, notes).finish(files);
    }
  }
}
