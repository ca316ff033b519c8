package org.overpak.ostree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.gvariant.Variant;
import org.overpak.gvariant.VariantType;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.TreePath;

/// Extended attributes in objects: `a(ayay)`, names with their NUL, sorted as strcmp sorts
/// (`ostree-core.c:_ostree_canonicalize_xattrs`), and values.
final class Xattrs {
  private static final VariantType PAIR = VariantType.parse("(ayay)");

  private Xattrs() {}

  static Variant variant(SortedMap<String, ExtendedAttribute> xattrs) {
    List<Variant> pairs = new ArrayList<>();
    xattrs.entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry::getKey, TreePath::compare))
        .forEach(
            xattr ->
                pairs.add(
                    Variant.tuple(
                        new Variant.Bytes((xattr.getKey() + '\0').getBytes(StandardCharsets.UTF_8)),
                        new Variant.Bytes(xattr.getValue().value()))));
    return new Variant.Array(PAIR, pairs);
  }

  /// @throws IllegalArgumentException if a name is not UTF-8
  static SortedMap<String, ExtendedAttribute> of(Variant.Array pairs) {
    if (pairs.values().isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, ExtendedAttribute> result = new TreeMap<>();
    for (Variant pair : pairs.values()) {
      List<Variant> members = ((Variant.Tuple) pair).members();
      String name = TreePath.decode(((Variant.Bytes) members.getFirst()).value());
      result.put(
          name.endsWith("\0") ? name.substring(0, name.length() - 1) : name,
          new ExtendedAttribute(((Variant.Bytes) members.getLast()).value()));
    }
    return result;
  }
}
