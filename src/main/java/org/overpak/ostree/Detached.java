package org.overpak.ostree;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.gvariant.Variant;
import org.overpak.gvariant.VariantType;

/// What vouches for a commit or a summary from beside it: `a{sv}`, in which OpenPGP signatures are
/// `ostree.gpgsigs` (`ostree-repo.c:_ostree_detached_metadata_append_gpg_sig`).
public final class Detached {
  static final String TYPE = "a{sv}";

  /// Nothing.
  public static final Variant.Array NONE = (Variant.Array) Variant.dictionary(new TreeMap<>());

  private static final String SIGNATURES = "ostree.gpgsigs";

  private Detached() {}

  /// DETACHED with SIGNATURE, a binary OpenPGP packet, as the last one.
  public static Variant.Array withSignature(Variant.Array detached, byte[] signature) {
    SortedMap<String, Variant> values = Commit.dictionary(detached);
    List<Variant> signatures = new java.util.ArrayList<>();
    if (values.get(SIGNATURES) instanceof Variant.Array before) {
      signatures.addAll(before.values());
    }
    signatures.add(new Variant.Bytes(signature));
    values.put(SIGNATURES, new Variant.Array(VariantType.parse("ay"), signatures));
    return (Variant.Array) Variant.dictionary(values);
  }
}
