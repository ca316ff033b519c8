package org.overpak.build;

import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.spec.FlatpakSpec;
import org.overpak.spec.ImageSpec;

/// The labels that a spec gives an image: that it is no longer maintained, those of its key
/// `labels`, and the two by which Fedora's services know it.
///
/// These are `name`, its repository in a registry, and `com.redhat.component`, its name in Koji,
/// each following from the other as in flatpak-module-tools (`container_spec.py:
/// get_component_label`, `get_name_label`); where neither is given, an app is called as its first
/// package. The labels `version` and `release` are those of a build in Koji.
final class SpecLabels {
  private static final String SUFFIX = "-flatpak";

  private SpecLabels() {}

  /// The labels of the image REF; what the key `labels` says decides.
  static SortedMap<String, String> of(FlatpakSpec spec, Ref ref) {
    SortedMap<String, String> labels = new TreeMap<>(ImageLabels.of(spec.endOfLife(), ref));
    String name = name(spec);
    if (!name.isEmpty()) {
      String component = spec.image().component();
      labels.put("name", name);
      labels.put("com.redhat.component", component.isEmpty() ? name + SUFFIX : component);
    }
    labels.putAll(spec.image().labels());
    return labels;
  }

  private static String name(FlatpakSpec spec) {
    ImageSpec image = spec.image();
    if (!image.name().isEmpty()) {
      return image.name();
    }
    if (!image.component().isEmpty()) {
      return image.component().endsWith(SUFFIX)
          ? image.component().substring(0, image.component().length() - SUFFIX.length())
          : image.component();
    }
    return spec.kind() == FlatpakSpec.Kind.APP && !spec.packages().isEmpty()
        ? spec.packages().getFirst().name()
        : "";
  }
}
