package org.overpak.rpm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.overpak.tree.Content;

/// The decompressed payload of a package file.
///
/// @param size of the whole file, so that one that was exchanged is noticed
record PayloadSource(Path file, long size, long offset, PayloadCompression compression)
    implements Content.Source {

  static PayloadSource of(PackageFile file) {
    return new PayloadSource(
        file.path(),
        file.size(),
        file.payloadOffset(),
        PayloadCompression.of(file.header().header()));
  }

  @Override
  public InputStream open() throws IOException {
    InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      if (Files.size(file) != size) {
        throw new IOException(file + " has changed since it was opened");
      }
      stream.skipNBytes(offset);
      return compression.decompress(stream);
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }
}
