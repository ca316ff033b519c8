/// OSTree's objects, commits, refs, summaries and repositories: a file tree becomes the objects of
/// a commit, and a repository, in a directory or inside a tree, becomes file trees again. Checksums
/// are those that `ostree commit` computes. Nothing here knows of images, packages or Flatpak's
/// metadata, and nothing follows a name out of a repository. Sources of the rules are named where
/// they are kept, by file and function of [libostree](https://github.com/ostreedev/ostree).
@NullMarked
package org.overpak.ostree;

import org.jspecify.annotations.NullMarked;
