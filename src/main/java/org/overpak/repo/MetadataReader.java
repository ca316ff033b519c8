package org.overpak.repo;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.ReadAhead;
import org.tukaani.xz.XZInputStream;

/// Reads a file of metadata as `repomd.xml` describes it: the stored bytes and the decompressed
/// ones are both verified while they stream by.
final class MetadataReader {
  /// What `xz -9` needs is 65 MiB.
  private static final int XZ_MEMORY_KIB = 256 << 10;

  private static final int BUFFER = 1 << 16;

  private MetadataReader() {}

  /// What PARSE makes of the content of FILE; it need not read to the end.
  ///
  /// @param stored the bytes of the file
  /// @param origin its URL, for messages
  static <T> T read(
      MetadataFile file, InputStream stored, String origin, Function<InputStream, T> parse) {
    if (file.openSize() > VerifiedStream.LARGEST) {
      throw malformed(origin + " would have " + file.openSize() + " bytes: that cannot be meant");
    }
    try (var verified = new VerifiedStream(stored, file.digest(), file.size(), origin)) {
      try {
        return parsed(opened(file, verified, origin), parse);
      } finally {
        // If the file is damaged, say that, and not what the damage looked like to the parser.
        verified.finish();
      }
    } catch (IOException e) {
      throw malformed("cannot read " + origin + ": " + e.getMessage());
    }
  }

  private static InputStream opened(MetadataFile file, InputStream stored, String origin)
      throws IOException {
    var buffered = new BufferedInputStream(stored, BUFFER);
    InputStream open = decompress(buffered);
    if (open.equals(buffered)) {
      // Not compressed: what is stored is what is verified.
      return open;
    }
    Digest openDigest =
        file.openDigest()
            .orElseThrow(() -> malformed(origin + " is compressed, but has no open-checksum"));
    return new VerifiedStream(open, openDigest, file.openSize(), origin + " (decompressed)");
  }

  /// Reads OPEN to its end, whatever PARSE does: verifying takes as long as parsing, and goes on
  /// beside it.
  private static <T> T parsed(InputStream open, Function<InputStream, T> parse) throws IOException {
    try (var ahead = new ReadAhead(new Unclosed(open), "metadata-read")) {
      try {
        return parse.apply(ahead);
      } finally {
        ahead.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /// A stream that its caller closes.
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // not ours
    }
  }

  private static OverpakException malformed(String what) {
    return new OverpakException(ExitCode.REPOSITORY, what, "Make the repository's metadata again.");
  }

  /// By magic number: names are sometimes wrong.
  private static InputStream decompress(BufferedInputStream in) throws IOException {
    in.mark(6);
    byte[] magic = in.readNBytes(6);
    in.reset();
    if (startsWith(magic, 0x1f, 0x8b)) {
      return new GZIPInputStream(in, BUFFER);
    }
    if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new ZstdInputStream(in);
    }
    if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return new XZInputStream(in, XZ_MEMORY_KIB);
    }
    if (startsWith(magic, 'B', 'Z', 'h')) {
      return new BZip2CompressorInputStream(in, true);
    }
    return in;
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    return bytes.length >= magic.length
        && IntStream.range(0, magic.length).allMatch(i -> (bytes[i] & 0xff) == magic[i]);
  }
}
