package org.overpak.ostree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.gvariant.Variant;
import org.overpak.gvariant.VariantType;

/// What a repository says of itself to those who pull from it: `(a(s(taya{sv}))a{sv})`
/// (`ostree-repo.c:ostree_repo_regenerate_summary`).
public final class Summary {
  private static final VariantType REF = VariantType.parse("(s(taya{sv}))");

  private Summary() {}

  /// The summary of a repository with COMMITS by their refs.
  ///
  /// @param mode of the repository, as its configuration names it
  /// @param more what else the dictionary says, such as Flatpak's cache
  /// @param modified seconds since 1970
  public static byte[] of(
      SortedMap<String, Commit> commits, String mode, long modified, Map<String, Variant> more) {
    List<Variant> refs = new ArrayList<>();
    SortedMap<String, Commit> sorted = new TreeMap<>(org.overpak.tree.TreePath::compare);
    sorted.putAll(commits);
    sorted.forEach((ref, commit) -> refs.add(row(ref, commit)));
    SortedMap<String, Variant> values = new TreeMap<>(more);
    values.put("ostree.summary.mode", Variant.string(mode));
    values.put("ostree.summary.last-modified", Variant.UInt64.bigEndian(modified));
    values.put("ostree.summary.tombstone-commits", new Variant.Bool(false));
    values.put("ostree.summary.indexed-deltas", new Variant.Bool(false));
    return Variant.tuple(new Variant.Array(REF, refs), Variant.dictionary(values)).serialize();
  }

  private static Variant row(String ref, Commit commit) {
    SortedMap<String, Variant> values = new TreeMap<>();
    values.put("ostree.commit.timestamp", Variant.UInt64.bigEndian(commit.timestamp()));
    byte[] bytes = commit.serialize();
    return Variant.tuple(
        Variant.string(ref),
        Variant.tuple(
            new Variant.UInt64(bytes.length), // the one integer that is not swapped
            DirTree.id(commit.id()),
            Variant.dictionary(values)));
  }
}
