package org.overpak.oci;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/// Fields of an image's configuration that mean nothing here, such as a health check, and are
/// written as they were read.
///
/// @param fields in the order in which they were found
public record OtherFields(Json.Fields fields) {
  public static final OtherFields NONE = new OtherFields(new Json.Fields(new LinkedHashMap<>()));

  /// All of DOCUMENT but those called KNOWN.
  static OtherFields of(JsonDocument document, Set<String> known) {
    SequencedMap<String, Json> others = new LinkedHashMap<>(document.fields().values());
    others.keySet().removeAll(known);
    return new OtherFields(new Json.Fields(others));
  }
}
