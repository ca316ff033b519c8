package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.gvariant.Variant;
import org.overpak.gvariant.VariantType;

/// What Flatpak looks up in a repository's summary to list refs with their sizes and metadata,
/// without fetching commits (`flatpak-repo-utils.c`, the compat format of summaries).
public final class SummaryCache {
  private static final int VERSION = 2;
  private static final VariantType ROW = elementOf("a{s(tts)}");
  private static final VariantType SPARSE_ROW = elementOf("a{sa{sv}}");

  private SummaryCache() {}

  private static VariantType elementOf(String array) {
    return ((VariantType.ArrayOf) VariantType.parse(array)).element();
  }

  /// The values for a summary.
  ///
  /// @param commits metadata of each commit by its ref; what is no app or runtime is left out
  public static SortedMap<String, Variant> of(
      SortedMap<String, SortedMap<String, Variant>> commits) {
    List<Variant> rows = new ArrayList<>();
    List<Variant> sparseRows = new ArrayList<>();
    commits.forEach(
        (ref, metadata) -> {
          if (isFlatpak(ref) && metadata.get("xa.metadata") instanceof Variant.Text text) {
            rows.add(
                new Variant.DictEntry(
                    Variant.string(ref),
                    Variant.tuple(
                        size(metadata.get("xa.installed-size")),
                        size(metadata.get("xa.download-size")),
                        text)));
            SortedMap<String, Variant> sparse = sparse(metadata);
            if (!sparse.isEmpty()) {
              sparseRows.add(
                  new Variant.DictEntry(Variant.string(ref), Variant.dictionary(sparse)));
            }
          }
        });
    SortedMap<String, Variant> values = new TreeMap<>();
    values.put("xa.cache-version", new Variant.UInt32(VERSION));
    values.put("xa.cache", new Variant.Boxed(new Variant.Array(ROW, rows)));
    values.put("xa.sparse-cache", new Variant.Array(SPARSE_ROW, sparseRows));
    return values;
  }

  private static boolean isFlatpak(String ref) {
    try {
      Ref.parse(ref);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// As it is in the commit, where it is big-endian too.
  private static Variant size(@Nullable Variant value) {
    return value instanceof Variant.UInt64 ? value : new Variant.UInt64(0);
  }

  private static SortedMap<String, Variant> sparse(SortedMap<String, Variant> metadata) {
    SortedMap<String, Variant> values = new TreeMap<>();
    copy(metadata, "ostree.endoflife", values, "eol");
    copy(metadata, "ostree.endoflife-rebase", values, "eolr");
    copy(metadata, "xa.token-type", values, "tokt");
    return values;
  }

  private static void copy(
      SortedMap<String, Variant> from, String key, SortedMap<String, Variant> to, String newKey) {
    Variant value = from.get(key);
    if (value != null) {
      to.put(newKey, value);
    }
  }
}
