package org.overpak.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.overpak.flatpak.SplitRefs;

/// A place where extensions are mounted: the group `[Extension NAME]` of the metadata.
///
/// @param properties the keys of that group as the spec gives them, in its order, booleans as
///   `true` and `false`; `directory` is among them. `bundle` is no key of that group
public record ExtensionPoint(String name, Map<String, String> properties) {
  public ExtensionPoint {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /// Whether what is mounted there is built with the app.
  boolean isBundled() {
    return properties.getOrDefault("bundle", "false").equals("true");
  }

  SplitRefs.Bundled bundled() {
    return new SplitRefs.Bundled(
        name, properties.getOrDefault("directory", ""), properties.getOrDefault("version", ""));
  }
}
