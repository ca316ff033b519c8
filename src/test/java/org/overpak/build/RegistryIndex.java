package org.overpak.build;

import java.util.List;
import java.util.Map;
import org.overpak.oci.ImageLayout;

/// The index that Flatpak asks a registry for, `/index/static` (flatpak,
/// common/flatpak-oci-registry.c).
final class RegistryIndex {
  private RegistryIndex() {}

  /// What it says of the repository NAME, which has IMAGE as its `latest`.
  static Map<String, Object> result(String name, WrittenImage image) {
    return Map.of(
        "Name",
        name,
        "Images",
        List.of(
            Map.of(
                "Tags",
                List.of("latest"),
                "Digest",
                image.digest().toString(),
                "MediaType",
                "application/vnd.oci.image.manifest.v1+json",
                "OS",
                "linux",
                "Architecture",
                "amd64",
                "Labels",
                ImageLayout.open(image.layout()).config().labels())),
        "Lists",
        List.of());
  }
}
