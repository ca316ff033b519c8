package org.overpak.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.overpak.BlockInputStream;
import org.overpak.tree.Content;

/// The tar of a layer in a file, which is filled while the layer is read.
record UnpackedLayer(Layer layer, Path file) {

  /// An empty file in DIRECTORY for LAYER.
  ///
  /// @throws org.overpak.OverpakException (FILESYSTEM) if there can be none
  static UnpackedLayer in(Path directory, Layer layer) {
    try {
      return new UnpackedLayer(layer, Files.createTempFile(directory, "layer-", ".tar"));
    } catch (IOException e) {
      throw WriteFailure.of(directory, 0, e);
    }
  }

  /// The same bytes as the layer gives.
  Content.FileSource content() {
    return new Content.FileSource(file);
  }

  /// TAR, and whatever of it is read is in the file.
  InputStream copying(InputStream tar) throws IOException {
    try {
      return new CopyingStream(tar, Files.newOutputStream(file));
    } catch (IOException e) {
      tar.close();
      throw failure(e);
    }
  }

  private RuntimeException failure(IOException e) {
    return WriteFailure.of(file.resolveSibling(""), layer.descriptor().size(), e);
  }

  /// A failure to write is not one to read, which would say that the layer is damaged.
  private final class CopyingStream extends BlockInputStream {
    private final OutputStream copy;

    CopyingStream(InputStream stream, OutputStream copy) {
      super(stream);
      this.copy = copy;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count > 0) {
        try {
          copy.write(buffer, offset, count);
        } catch (IOException e) {
          throw failure(e);
        }
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      try {
        copy.close();
      } catch (IOException e) {
        throw failure(e);
      } finally {
        in.close();
      }
    }
  }
}
