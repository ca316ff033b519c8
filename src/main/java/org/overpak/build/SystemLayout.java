package org.overpak.build;

import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.Ref;
import org.overpak.ostree.EmbeddedRepository;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The system that an image of the ostree layout shows at `/`, and that system as a commit, which
/// keeps `/etc` in `/usr/etc` (`ostree-rs-ext: tar/export.rs:map_path`).
final class SystemLayout {
  /// Beside the refs of Flatpak, which it leaves alone.
  private static final String PREFIX = "os/";

  static final TreePath SYSROOT = new TreePath("sysroot");
  private static final TreePath METADATA = new TreePath("metadata");
  private static final TreePath ETC = new TreePath("etc");
  private static final TreePath USR_ETC = new TreePath("usr/etc");

  private SystemLayout() {}

  static String ref(Ref ref) {
    return PREFIX + ref.pref();
  }

  /// The system that a container engine sees in IMAGE, a runtime of any layout. In the ostree
  /// layout that is what stands there, whatever the repository says: a container may have changed
  /// it.
  ///
  /// @throws org.overpak.OverpakException (IMAGE) if IMAGE is no runtime
  static FileTree root(FileTree image) {
    return isOstree(image)
        ? image.without(SYSROOT).without(METADATA)
        : HybridLayout.systemRoot(image);
  }

  /// Whether IMAGE is of the ostree layout.
  static boolean isOstree(FileTree image) {
    return image.contains(EmbeddedRepository.PLACE.resolve("config"))
        && !image.contains(CommitTree.FILES);
  }

  /// What stands at `/` of the Flatpak REF whose commit's tree is COMMIT: a runtime's system, or an
  /// app's files in `/app`; and the metadata, from which a container's root is known for what it
  /// is.
  static FileTree checkout(Ref ref, FileTree commit) {
    FileTree root =
        switch (ref.kind()) {
          case RUNTIME -> HybridLayout.systemRoot(commit);
          case APP -> commit.subtree(CommitTree.FILES).under(AppFinish.APP);
        };
    return root.with(TreePath.ROOT, new Entry.Directory(Attributes.of(0755, 0)))
        .overlay(commit.filter((path, _) -> path.equals(METADATA)));
  }

  /// The tree to commit of a system at CHECKOUT.
  static FileTree committed(FileTree checkout) {
    return checkout.without(ETC).overlay(checkout.subtree(ETC).under(USR_ETC));
  }
}
