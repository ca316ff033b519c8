package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;

class DirectoryPartCacheTest {
  @TempDir Path directory;

  private static PartCache.Key key(int number) {
    return new PartCache.Key(Digest.sha256(new byte[] {(byte) number}), "gzip-6");
  }

  private DirectoryPartCache cache(long limit) {
    return new DirectoryPartCache(directory.resolve("parts"), limit);
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void remembersUnderAllThatDetermines() {
    cache(100).put(key(1), new byte[] {1, 2, 3});
    assertThat(cache(100).get(key(1))).hasValue(new byte[] {1, 2, 3});
    assertThat(cache(100).get(key(2))).isEmpty();
    assertThat(cache(100).get(new PartCache.Key(key(1).uncompressed(), "gzip-9"))).isEmpty();
    assertThat(files()).hasSize(1);
  }

  @Test
  void doesNotBelieveDamage() throws IOException {
    cache(100).put(key(1), new byte[] {1, 2, 3});
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      Files.write(file, changed);
      assertThat(cache(100).get(key(1))).as("byte %d", i).isEmpty();
      Files.write(file, java.util.Arrays.copyOf(good, i));
      assertThat(cache(100).get(key(1))).as("cut at %d", i).isEmpty();
    }
  }

  @Test
  void makesRoomOfWhatWasNotUsedForLong() throws IOException {
    var cache = cache(2 * (10 + 32));
    for (int i = 1; i <= 3; i++) {
      cache.put(key(i), new byte[10]);
    }
    for (Path file : files()) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }
    assertThat(cache.get(key(1))).isPresent();
    assertThat(cache.get(key(3))).isPresent();
    cache.close();
    assertThat(cache.get(key(1))).isPresent();
    assertThat(cache.get(key(2))).isEmpty();
    assertThat(cache.get(key(3))).isPresent();
  }

  @Test
  void aCacheThatCannotBeWrittenIsNoFailure() throws IOException {
    Files.writeString(directory.resolve("parts"), "a file");
    cache(100).put(key(1), new byte[] {1});
    assertThat(cache(100).get(key(1))).isEmpty();
    cache(100).close();
    assertThat(directory.resolve("parts")).hasContent("a file");
  }
}
