package org.overpak.oci;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Media types of what an image is made of. Written are OCI's; Docker's second schema, which has
/// the same fields, is read too.
final class MediaType {
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String CONFIG = "application/vnd.oci.image.config.v1+json";

  static final Set<String> INDEXES =
      Set.of(INDEX, "application/vnd.docker.distribution.manifest.list.v2+json");
  static final Set<String> MANIFESTS =
      Set.of(MANIFEST, "application/vnd.docker.distribution.manifest.v2+json");
  static final Set<String> CONFIGS =
      Set.of(CONFIG, "application/vnd.docker.container.image.v1+json");

  private static final Map<String, Compression> LAYERS =
      Map.ofEntries(
          Map.entry("application/vnd.oci.image.layer.v1.tar", Compression.NONE),
          Map.entry("application/vnd.oci.image.layer.v1.tar+gzip", Compression.GZIP),
          Map.entry("application/vnd.oci.image.layer.v1.tar+zstd", Compression.ZSTD),
          Map.entry("application/vnd.oci.image.layer.nondistributable.v1.tar", Compression.NONE),
          Map.entry(
              "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", Compression.GZIP),
          Map.entry(
              "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", Compression.ZSTD),
          Map.entry("application/vnd.docker.image.rootfs.diff.tar", Compression.NONE),
          Map.entry("application/vnd.docker.image.rootfs.diff.tar.gzip", Compression.GZIP),
          Map.entry("application/vnd.docker.image.rootfs.diff.tar.zstd", Compression.ZSTD),
          Map.entry("application/vnd.docker.image.rootfs.foreign.diff.tar", Compression.NONE),
          Map.entry("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Compression.GZIP));

  private MediaType() {}

  /// How a layer of TYPE is compressed; empty if TYPE is no layer that can be read.
  static Optional<Compression> layerCompression(String type) {
    return Optional.ofNullable(LAYERS.get(type));
  }
}
