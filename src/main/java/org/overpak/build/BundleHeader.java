package org.overpak.build;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SortedMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.gvariant.Variant;
import org.overpak.ostree.Revision;

/// What a bundle says of itself before its content (`flatpak-builtins-build-bundle.c`).
final class BundleHeader {
  /// By which `file` knows bundles, so it comes first.
  private static final int MAGIC = 0xe5890001;

  private BundleHeader() {}

  static SequencedMap<String, Variant> of(Revision revision) {
    SequencedMap<String, Variant> values = new LinkedHashMap<>();
    values.put("flatpak", new Variant.UInt32(MAGIC));
    values.put("ref", Variant.string(revision.ref()));
    values.put("metadata", Variant.string(revision.commit().text("xa.metadata")));
    values.put("collection-id", Variant.string(""));
    return values;
  }

  /// @throws OverpakException (IMAGE) if it names none
  static String ref(SortedMap<String, Variant> values) {
    if (values.get("ref") instanceof Variant.Text(String ref) && Revision.isRef(ref)) {
      return ref;
    }
    throw new OverpakException(
        ExitCode.IMAGE, "it does not say what it holds", "Give a bundle of Flatpak.");
  }
}
