package org.overpak.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// How the image is called and labelled.
///
/// @param name `name`: the repository in a registry and the `name` label; empty if not given
/// @param component `component`: the `com.redhat.component` label; empty if not given
/// @param labels `labels`: further labels, in the order of the spec
public record ImageSpec(String name, String component, Map<String, String> labels) {
  public ImageSpec {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }
}
