package org.overpak.ostree;

import java.util.Optional;
import java.util.regex.Pattern;
import org.overpak.gvariant.Variant;
import org.overpak.tree.FileTree;

/// A commit with all that it consists of, and the ref that names it.
///
/// @param ref as OSTree allows them: words joined by `/`
/// @param detached what was added to the commit without being part of it, such as signatures: of
///   type `a{sv}`, empty if there is nothing
/// @param tree what the commit's objects are of
public record Revision(
    String ref, Commit commit, Variant.Array detached, FileTree tree, TreeObjects objects) {
  /// `ostree-core.c:OSTREE_REF_REGEXP`, which allows letters of all languages.
  private static final Pattern REF =
      Pattern.compile(
          "[\\w\\d][-._\\w\\d]*(/[\\w\\d][-._\\w\\d]*)*", Pattern.UNICODE_CHARACTER_CLASS);

  /// @throws IllegalArgumentException if REF cannot be one, or COMMIT is of another tree
  public Revision {
    if (!isRef(ref)) {
      throw new IllegalArgumentException("'" + ref + "' is no ref of OSTree");
    }
    if (!commit.tree().equals(objects.tree()) || !commit.meta().equals(objects.meta())) {
      throw new IllegalArgumentException("the commit of " + ref + " is of another tree");
    }
  }

  public static boolean isRef(String text) {
    return REF.matcher(text).matches();
  }

  public Revision withDetached(Variant.Array other) {
    return new Revision(ref, commit, other, tree, objects);
  }

  /// The bytes of the commit's detached metadata; empty if there are none.
  Optional<byte[]> detachedBytes() {
    return detached.values().isEmpty() ? Optional.empty() : Optional.of(detached.serialize());
  }
}
