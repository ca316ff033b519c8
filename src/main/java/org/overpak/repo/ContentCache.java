package org.overpak.repo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Downloaded files, each under its digest: `packages/sha256/ab/HEX.rpm`, `repodata/sha256/ab/HEX`.
/// A file is written to `partial/`, and appears under its name only when it is complete and
/// verified, so several runs can share a cache without locks.
final class ContentCache {
  /// Older than any download that is still going on.
  private static final Duration ABANDONED = Duration.ofDays(2);

  private final Path root;

  ContentCache(Path root) {
    this.root = root;
  }

  /// One kind of file.
  enum Kind {
    PACKAGES(".rpm"),
    REPODATA("");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }
  }

  /// What writes a file.
  @FunctionalInterface
  interface Writer {
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  /// A file that is no content-addressed one: see {@link IndexCache}.
  Path path(String first, String second) {
    return root.resolve(first).resolve(second);
  }

  private Path path(Kind kind, Digest digest) {
    String hex = digest.hex();
    String algorithm = digest.toString().substring(0, digest.toString().indexOf(':'));
    return root.resolve(kind.name().toLowerCase(Locale.ROOT))
        .resolve(algorithm)
        .resolve(hex.substring(0, 2))
        .resolve(hex + kind.suffix);
  }

  /// The file of DIGEST, if it is there with SIZE and the right content. A damaged one is as good
  /// as none: the next download replaces it.
  Optional<Path> find(Kind kind, Digest digest, long size) {
    Path file = path(kind, digest);
    try {
      boolean sizeFits = size == MetadataFile.UNKNOWN || Files.size(file) == size;
      return sizeFits && digestOf(file, digest.algorithm()).equals(digest)
          ? Optional.of(file)
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure("read", file, e);
    }
  }

  private static Digest digestOf(Path file, Digest.Algorithm algorithm) throws IOException {
    var digest = algorithm.start();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return Digest.finish(algorithm, digest);
  }

  /// Makes the file that WRITER writes and verifies appear under its digest.
  Path store(Kind kind, Digest digest, Writer writer) throws IOException, InterruptedException {
    Path file = path(kind, digest);
    write(file, writer);
    return file;
  }

  /// Makes FILE, which is below this cache, appear with all that WRITER writes, or not at all.
  ///
  /// @throws OverpakException if the cache cannot be written
  /// @throws IOException if WRITER throws it
  void write(Path file, Writer writer) throws IOException, InterruptedException {
    Path partial = newPartial(file);
    try {
      try (var out = new CacheOutput(Files.newOutputStream(partial), partial)) {
        writer.writeTo(out);
      }
      try {
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw failure("write", file, e);
      }
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private Path newPartial(Path file) {
    Path directory = root.resolve("partial");
    try {
      Files.createDirectories(file.getParent());
      Files.createDirectories(directory);
      deleteAbandoned(directory);
      return Files.createTempFile(directory, "", ".part");
    } catch (IOException e) {
      throw failure("write", directory, e);
    }
  }

  private static void deleteAbandoned(Path directory) throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
    try (Stream<Path> partials = Files.list(directory)) {
      for (Path partial : partials.toList()) {
        try {
          if (Files.getLastModifiedTime(partial).compareTo(limit) < 0) {
            Files.deleteIfExists(partial);
          }
        } catch (NoSuchFileException e) {
          // Another run just finished it.
        }
      }
    }
  }

  static OverpakException failure(String verb, Path file, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return Fetcher.interrupted();
    }
    return new OverpakException(
        ExitCode.FILESYSTEM,
        "cannot " + verb + " " + file + " in the download cache: " + e.getMessage(),
        "Check the permissions and the free space of the cache directory, or choose another.",
        e);
  }

  /// Tells a full disk from a failing network: both are an IOException of one copy loop.
  private static final class CacheOutput extends OutputStream {
    private final OutputStream out;
    private final Path file;

    CacheOutput(OutputStream out, Path file) {
      this.out = out;
      this.file = file;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw failure("write", file, e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw failure("write", file, e);
      }
    }
  }
}
