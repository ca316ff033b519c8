package org.overpak.repo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.overpak.Digest;

/// {@link PackageTable}s of metadata that was read and verified before, one file each, mapped into
/// memory: a distribution's `primary.xml` takes seconds to parse, and of most packages nothing is
/// asked. Files are named by the digest of the metadata and the version of their layout; a damaged
/// one, which its checksum tells, is made again.
final class TableCache {
  private final ContentCache cache;

  TableCache(ContentCache cache) {
    this.cache = cache;
  }

  /// The table of the `primary.xml` of DIGEST, made by PARSE if there is none yet.
  ///
  /// @param scheme of the URL of the metadata, which decides what its locations may name
  /// @param repository whose packages they are
  PackageTable get(Digest digest, String scheme, String repository, Supplier<ByteBuffer> parse) {
    Path file =
        cache.path(
            "tables",
            "v%d-%s-%s-%s"
                .formatted(
                    PackageTableFormat.VERSION,
                    digest.algorithm().name().toLowerCase(Locale.ROOT),
                    digest.hex(),
                    scheme));
    return find(file, repository)
        .orElseGet(
            () -> {
              ByteBuffer bytes = parse.get();
              store(file, bytes);
              return PackageTable.of(bytes, repository)
                  .orElseThrow(() -> new IllegalStateException("a new table is damaged"));
            });
  }

  private static Optional<PackageTable> find(Path file, String repository) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        return Optional.empty();
      }
      return PackageTable.of(
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), repository);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw ContentCache.failure("read", file, e);
    }
  }

  private void store(Path file, ByteBuffer bytes) {
    try {
      cache.write(file, out -> Channels.newChannel(out).write(bytes.duplicate()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Fetcher.interrupted();
    }
  }
}
