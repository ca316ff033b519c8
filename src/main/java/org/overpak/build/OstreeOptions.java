package org.overpak.build;

import java.time.Instant;
import java.util.List;
import org.overpak.gvariant.Variant;
import org.overpak.ostree.Detached;
import org.overpak.ostree.Revision;
import org.overpak.repo.SigningKey;

/// How the ostree layout and repositories are written.
///
/// @param separateLayer whether what Flatpak needs beside the system is in a layer of its own, for
///   registries or tools that rewrite names in layers
/// @param keys that sign commits and summaries
/// @param signed when that is said to happen
public record OstreeOptions(boolean separateLayer, List<SigningKey> keys, Instant signed) {
  public static final OstreeOptions DEFAULT = new OstreeOptions(false, List.of(), Instant.EPOCH);

  public OstreeOptions {
    keys = List.copyOf(keys);
  }

  /// REVISION, its commit signed.
  Revision sign(Revision revision) {
    return revision.withDetached(sign(revision.detached(), revision.commit().serialize()));
  }

  /// DETACHED with signatures of BYTES.
  Variant.Array sign(Variant.Array detached, byte[] bytes) {
    Variant.Array result = detached;
    for (SigningKey key : keys) {
      result = Detached.withSignature(result, key.sign(bytes, signed));
    }
    return result;
  }
}
