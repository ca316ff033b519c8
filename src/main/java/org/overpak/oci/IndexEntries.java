package org.overpak.oci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The entries of an index, changed without touching what is not ours to know.
final class IndexEntries {
  static final Json.Fields EMPTY = empty();

  private IndexEntries() {}

  private static Json.Fields empty() {
    SequencedMap<String, Json> fields = new LinkedHashMap<>();
    fields.put("schemaVersion", new Json.Numeral(2));
    fields.put("mediaType", new Json.Text(MediaType.INDEX));
    fields.put("manifests", new Json.Items(List.of()));
    return new Json.Fields(fields);
  }

  /// INDEX with DESCRIPTOR called REFERENCE: in the place of the entry that had that name, with the
  /// other annotations of that entry dropped since they spoke of another image; else at the end.
  static Json.Fields replace(Json.Fields index, String reference, Descriptor descriptor) {
    return replace(index, reference, json(descriptor));
  }

  /// As above, of a descriptor that says more.
  static Json.Fields replace(Json.Fields index, String reference, Json.Fields descriptor) {
    Json added = withReference(descriptor, reference);
    List<Json> entries = new ArrayList<>();
    if (index.values().get("manifests") instanceof Json.Items items) {
      for (Json entry : items.values()) {
        if (!hasReference(entry, reference)) {
          entries.add(entry);
        } else if (!entries.contains(added)) {
          entries.add(added);
        }
      }
    }
    if (!entries.contains(added)) {
      entries.add(added);
    }
    SequencedMap<String, Json> fields = new LinkedHashMap<>(index.values());
    fields.put("manifests", new Json.Items(entries));
    return new Json.Fields(fields);
  }

  static Json.Fields json(Descriptor descriptor) {
    SequencedMap<String, Json> fields = new LinkedHashMap<>();
    fields.put("mediaType", new Json.Text(descriptor.mediaType()));
    fields.put("digest", new Json.Text(descriptor.digest().toString()));
    fields.put("size", new Json.Numeral(descriptor.size()));
    return new Json.Fields(fields);
  }

  static Json.Fields json(Descriptor descriptor, Platform platform) {
    SequencedMap<String, Json> inner = new LinkedHashMap<>();
    inner.put("architecture", new Json.Text(platform.architecture()));
    inner.put("os", new Json.Text(platform.os()));
    SequencedMap<String, Json> fields = new LinkedHashMap<>(json(descriptor).values());
    fields.put("platform", new Json.Fields(inner));
    return new Json.Fields(fields);
  }

  private static Json withReference(Json.Fields descriptor, String reference) {
    SequencedMap<String, Json> fields = new LinkedHashMap<>(descriptor.values());
    fields.put(
        "annotations",
        new Json.Fields(
            new LinkedHashMap<>(Map.of(LayoutReader.REFERENCE, new Json.Text(reference)))));
    return new Json.Fields(fields);
  }

  private static boolean hasReference(Json entry, String reference) {
    return entry instanceof Json.Fields fields
        && fields.values().get("annotations") instanceof Json.Fields annotations
        && annotations.values().get(LayoutReader.REFERENCE) instanceof Json.Text text
        && text.value().equals(reference);
  }
}
