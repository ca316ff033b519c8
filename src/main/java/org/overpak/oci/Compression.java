package org.overpak.oci;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/// How the tar of a layer is compressed.
public enum Compression {
  NONE(""),
  GZIP("+gzip"),
  ZSTD("+zstd");

  private static final int BUFFER = 1 << 16;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /// The media type of a layer compressed so.
  String layerMediaType() {
    return "application/vnd.oci.image.layer.v1.tar" + suffix;
  }

  /// The decompressed bytes of STREAM: of all its gzip members, or all its zstd frames (RFC 1952,
  /// section 2.2; RFC 8878, section 3.1). Data that ends early, is damaged or is followed by
  /// anything else is an IOException. Closing the result closes STREAM.
  InputStream decompress(InputStream stream) throws IOException {
    return switch (this) {
      case NONE -> stream;
      case GZIP ->
          GzipCompressorInputStream.builder()
              .setInputStream(stream)
              .setDecompressConcatenated(true)
              .setBufferSize(BUFFER)
              .get();
      // Stops at the end of a frame only if the stream ends there.
      case ZSTD -> new ZstdInputStream(stream);
    };
  }
}
