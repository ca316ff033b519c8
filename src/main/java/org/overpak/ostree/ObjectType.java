package org.overpak.ostree;

import org.overpak.Digest;
import org.overpak.tree.TreePath;

/// What a file in a repository's `objects` is, told by its suffix
/// (`ostree-core.c:_ostree_loose_path`).
public enum ObjectType {
  COMMIT("commit"),
  /// What may be added to a commit later, such as signatures; named after the commit, not hashed.
  DETACHED_METADATA("commitmeta"),
  DIRTREE("dirtree"),
  DIRMETA("dirmeta"),
  /// A regular file or symbolic link as it is.
  FILE("file"),
  /// The same, compressed behind its header.
  ARCHIVED_FILE("filez"),
  /// A set of extended attributes, in repositories that keep them apart.
  XATTRS("file-xattrs"),
  /// A hard link that tells which set a file has.
  XATTRS_LINK("file-xattrs-link");

  static final TreePath OBJECTS = new TreePath("objects");

  private final String suffix;

  ObjectType(String suffix) {
    this.suffix = suffix;
  }

  /// Where a repository has the object of this type that is called ID.
  public TreePath path(Digest id) {
    return new TreePath(
        OBJECTS.value()
            + "/"
            + id.hex().substring(0, 2)
            + "/"
            + id.hex().substring(2)
            + "."
            + suffix);
  }
}
