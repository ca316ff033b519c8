package org.overpak.oci;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.overpak.Digest;
import org.overpak.tree.Content;

/// One layer of an image. As a source of content it is its tar, decompressed.
///
/// @param diffId digest of the decompressed tar
/// @param blob the file that holds it, as stored
public record Layer(Descriptor descriptor, Digest diffId, Path blob) implements Content.Source {
  public Layer {
    if (MediaType.layerCompression(descriptor.mediaType()).isEmpty()) {
      throw new IllegalArgumentException("not a layer: " + descriptor.mediaType());
    }
  }

  public Compression compression() {
    return MediaType.layerCompression(descriptor.mediaType()).orElseThrow();
  }

  /// The decompressed tar. Digests are verified when the layer is read as a tree, not here.
  @Override
  public InputStream open() throws IOException {
    InputStream stream = new BufferedInputStream(Files.newInputStream(blob), 1 << 16);
    try {
      return compression().decompress(stream);
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }
}
