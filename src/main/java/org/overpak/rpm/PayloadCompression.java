package org.overpak.rpm;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/// How a payload is compressed. Streams may consist of several members or frames; windows larger
/// than {@value #WINDOW_LOG} bits are refused, so that a package cannot ask for all memory.
enum PayloadCompression {
  GZIP,
  BZIP2,
  XZ,
  LZMA,
  ZSTD;

  /// 128 MiB: twice what `xz -9` and 16 times what rpm's zstd levels use.
  private static final int WINDOW_LOG = 27;

  /// The window and what decoders need besides, in KiB.
  private static final int MEMORY_LIMIT = (1 << (WINDOW_LOG - 10)) + 1024;

  static PayloadCompression of(Header header) {
    String format = header.string(Tag.PAYLOADFORMAT);
    if (!format.isEmpty() && !format.equals("cpio")) {
      throw header.origin().unfit("unknown payload format '%s'", format);
    }
    return switch (header.string(Tag.PAYLOADCOMPRESSOR)) {
      case "", "gzip" -> GZIP;
      case "bzip2" -> BZIP2;
      case "xz" -> XZ;
      case "lzma" -> LZMA;
      case "zstd" -> ZSTD;
      default ->
          throw header
              .origin()
              .unfit("unknown payload compression '%s'", header.string(Tag.PAYLOADCOMPRESSOR));
    };
  }

  /// The decompressed bytes of COMPRESSED, which supports marks and is closed with the result.
  InputStream decompress(InputStream compressed) throws IOException {
    return new DecoderStream(
        switch (this) {
          case GZIP ->
              isGzip(compressed)
                  ? GzipCompressorInputStream.builder()
                      .setInputStream(compressed)
                      .setDecompressConcatenated(true)
                      .get()
                  : compressed;
          case BZIP2 -> new BZip2CompressorInputStream(compressed, true);
          case XZ -> new XZInputStream(compressed, MEMORY_LIMIT);
          case LZMA -> new LZMAInputStream(compressed, MEMORY_LIMIT);
          case ZSTD -> new ZstdInputStreamNoFinalizer(compressed).setLongMax(WINDOW_LOG);
        });
  }

  /// rpm names no compressor for uncompressed payloads, nor for those that gzip'd; zlib passes what
  /// is not gzip through, and rpm relies on it.
  private static boolean isGzip(InputStream compressed) throws IOException {
    compressed.mark(2);
    boolean result = compressed.read() == 0x1f && compressed.read() == 0x8b;
    compressed.reset();
    return result;
  }
}
