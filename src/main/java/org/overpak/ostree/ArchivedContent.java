package org.overpak.ostree;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.overpak.tree.Content;

/// What a `.filez` holds behind its header, decompressed.
///
/// @param header length of the header, in bytes
record ArchivedContent(Content object, int header) implements Content.Source {
  @Override
  public InputStream open() throws IOException {
    InputStream stream = object.open();
    try {
      stream.skipNBytes(header);
    } catch (IOException e) {
      stream.close();
      throw e;
    }
    // Without zlib's own header.
    var inflater = new Inflater(true);
    return new InflaterInputStream(stream, inflater, 1 << 14) {
      @Override
      public void close() throws IOException {
        inflater.end();
        super.close();
      }
    };
  }
}
