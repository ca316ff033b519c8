package org.overpak.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.overpak.oci.LayerCompression;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/// How the layers that a command writes are compressed.
final class CompressionOption {
  @Option(
      names = "--compression",
      paramLabel = "NAME[:LEVEL]",
      converter = Names.class,
      description =
          "How layers are compressed: zstd (by default, at level 3), gzip for what cannot read"
              + " that, or none.")
  private @Nullable LayerCompression compression;

  Optional<LayerCompression> given() {
    return Optional.ofNullable(compression);
  }

  LayerCompression orDefault() {
    return given().orElse(LayerCompression.DEFAULT);
  }

  /// Reads names of compressions.
  static final class Names implements ITypeConverter<LayerCompression> {
    @Override
    public LayerCompression convert(String text) {
      return LayerCompression.parse(text);
    }
  }
}
