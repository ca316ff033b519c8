package org.overpak.tree;

/// What hard links to one file have in common: regular files with the same group are one inode.
/// Groups are compared by identity, so that links survive overlay, subtree and renames, and never
/// join files of two trees.
public final class LinkGroup {
  /// Of a file that has one name only.
  public static final LinkGroup NONE = new LinkGroup();

  public LinkGroup() {}
}
