package org.overpak.oci;

import java.util.Optional;
import org.overpak.Digest;

/// Remembers how stretches of layers were compressed, so that what did not change is not compressed
/// again. Called from several threads; may forget anything at any time.
public interface PartCache {
  /// What determines the compressed bytes.
  ///
  /// @param uncompressed digest of the bytes as they are in the tar
  /// @param compressor the format, its level, and whose implementation
  record Key(Digest uncompressed, String compressor) {}

  Optional<byte[]> get(Key key);

  void put(Key key, byte[] compressed);
}
