package org.overpak.oci;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Entries that are written one after the other, in this order, and compressed together.
///
/// @param prefix of their names in the layer: empty, or `./`, which means the same to all who
///   extract layers, but not to those who compare names as text
public record LayerPart(SequencedMap<TreePath, Entry> entries, String prefix) {
  public LayerPart {
    if (!prefix.isEmpty() && !prefix.equals("./")) {
      throw new IllegalArgumentException("not a prefix of names in a layer: '" + prefix + "'");
    }
    entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
  }

  /// The entries of TREE in the order of their paths.
  public static LayerPart of(FileTree tree) {
    return new LayerPart(tree.entries(), "");
  }
}
