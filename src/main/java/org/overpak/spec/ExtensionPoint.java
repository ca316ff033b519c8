package org.overpak.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A place where extensions are mounted: the group `[Extension NAME]` of the metadata.
///
/// @param properties the keys of that group as the spec gives them, in its order, booleans as
///   `true` and `false`; `directory` is among them
public record ExtensionPoint(String name, Map<String, String> properties) {
  public ExtensionPoint {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }
}
