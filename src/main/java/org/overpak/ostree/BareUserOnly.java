package org.overpak.ostree;

import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;

/// What a repository of mode `bare-user-only` holds
/// (`ostree-core.c:_ostree_validate_bareuseronly_mode`): files of nobody in particular, without
/// setuid, setgid, sticky or writing by all.
final class BareUserOnly {
  private static final int ALLOWED = 0775;

  private BareUserOnly() {}

  /// @throws OverpakException (IMAGE) if it does not hold ENTRY
  static void require(String ref, TreePath path, Entry entry) {
    Attributes attributes = entry.attributes();
    boolean mode = entry instanceof Entry.RegularFile && (attributes.mode() & ~ALLOWED) != 0;
    if (mode || !attributes.owner().equals(Owner.ROOT) || !attributes.xattrs().isEmpty()) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "%s of %s has %s, which a repository of mode bare-user-only cannot hold"
              .formatted(
                  path,
                  ref,
                  mode
                      ? "mode %04o".formatted(attributes.mode())
                      : attributes.xattrs().isEmpty()
                          ? "owner %d:%d"
                              .formatted(attributes.owner().uid(), attributes.owner().gid())
                          : "extended attributes"),
          "Commit it with --canonical-permissions, as Flatpak does.");
    }
  }
}
