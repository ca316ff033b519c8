package org.overpak.oci;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.util.ZstdVersion;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.overpak.Digest;

/// Compresses a stretch of a layer into a gzip member or zstd frame of its own. For any thread.
///
/// The same bytes always give the same result with the same compressor. For gzip that is the JDK's
/// zlib, which differs between builds of the JDK (most bundle one, some use the system's); zstd
/// comes with Overpak and is the same everywhere. Image digests are therefore the same everywhere
/// with zstd, and with the same JDK with gzip; diff_ids always.
sealed interface MemberCompressor {
  byte[] compress(byte[] bytes);

  static MemberCompressor of(LayerCompression compression) {
    return switch (compression.algorithm()) {
      case NONE -> new Plain();
      case GZIP -> new Gzip(compression.level());
      case ZSTD -> new Zstd(compression.level());
    };
  }

  record Plain() implements MemberCompressor {
    @Override
    public byte[] compress(byte[] bytes) {
      return bytes;
    }
  }

  record Gzip(int level) implements MemberCompressor {
    /// RFC 1952: deflate, no flags, no time, no hint, unknown system.
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    @Override
    public byte[] compress(byte[] bytes) {
      var out = new ByteArrayOutputStream(bytes.length / 2 + 64);
      out.writeBytes(HEADER);
      try (var deflater = new Deflater(level, true)) {
        deflater.setInput(bytes);
        deflater.finish();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
          out.write(buffer, 0, deflater.deflate(buffer));
        }
      }
      var checksum = new CRC32();
      checksum.update(bytes);
      ByteBuffer trailer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      out.writeBytes(trailer.putInt((int) checksum.getValue()).putInt(bytes.length).array());
      return out.toByteArray();
    }
  }

  record Zstd(int level) implements MemberCompressor {
    @Override
    public byte[] compress(byte[] bytes) {
      try (var context = new ZstdCompressCtx()) {
        return context.setLevel(level).setChecksum(true).compress(bytes);
      }
    }
  }

  /// Asks CACHE first, and tells it what it did not know.
  record Cached(MemberCompressor compressor, PartCache cache) implements MemberCompressor {
    @Override
    public byte[] compress(byte[] bytes) {
      var key = new PartCache.Key(Digest.sha256(bytes), name(compressor));
      return cache
          .get(key)
          .orElseGet(
              () -> {
                byte[] compressed = compressor.compress(bytes);
                cache.put(key, compressed);
                return compressed;
              });
    }

    private static String name(MemberCompressor compressor) {
      return switch (compressor) {
        case Plain _ -> "none";
        case Gzip gzip -> "gzip-" + gzip.level() + "-java-" + Runtime.version();
        case Zstd zstd -> "zstd-" + zstd.level() + "-" + ZstdVersion.VERSION;
        case Cached cached -> name(cached.compressor());
      };
    }
  }
}
