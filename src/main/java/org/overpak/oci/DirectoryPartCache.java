package org.overpak.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.tree.Directories;

/// Compressed parts as files, each followed by its SHA-256. What cannot be kept is not kept: a
/// cache that cannot be written costs time, never a build.
///
/// @param directory made if it is missing
/// @param limit in bytes; when there is more, what was not asked for the longest goes first
public record DirectoryPartCache(Path directory, long limit) implements PartCache, AutoCloseable {
  private static final int CHECKSUM = 32;

  @Override
  public Optional<byte[]> get(Key key) {
    Path file = file(key);
    try {
      byte[] bytes = Files.readAllBytes(file);
      int length = bytes.length - CHECKSUM;
      if (length < 0
          || !Arrays.equals(bytes, length, bytes.length, checksum(bytes, length), 0, 32)) {
        return Optional.empty();
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(Arrays.copyOf(bytes, length));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  @Override
  public void put(Key key, byte[] compressed) {
    Path file = file(key);
    try {
      Files.createDirectories(file.resolveSibling(""));
      Path partial = Files.createTempFile(directory, "", ".partial");
      try {
        try (var out = Files.newOutputStream(partial)) {
          out.write(compressed);
          out.write(checksum(compressed, compressed.length));
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException _) {
      // Said above.
    }
  }

  private Path file(Key key) {
    String name =
        Digest.sha256(
                (key.compressor() + "\n" + key.uncompressed()).getBytes(StandardCharsets.UTF_8))
            .hex();
    return directory.resolve(name.substring(0, 2)).resolve(name);
  }

  private static byte[] checksum(byte[] bytes, int length) {
    MessageDigest digest = Digest.Algorithm.SHA256.start();
    digest.update(bytes, 0, length);
    return digest.digest();
  }

  /// Makes room.
  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(directory)) {
      Directories.makeRoom(
          files.filter(Files::isRegularFile).toList(), UnaryOperator.identity(), limit);
    } catch (IOException | UncheckedIOException _) {
      // There is no cache, or another build changes it: the next one makes room.
    }
  }
}
