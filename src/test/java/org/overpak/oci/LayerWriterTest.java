package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

class LayerWriterTest {
  private static final Instant EPOCH = Instant.ofEpochSecond(1000);

  @TempDir Path directory;

  /// Parts of all sizes: none, small, and one of several members.
  private static List<FileTree> parts() {
    return List.of(
        TreeText.parse("d 0700 a\nf 0644 a/one 1\nh a/two = a/one"),
        FileTree.EMPTY,
        FileTree.of(Map.of(new TreePath("big/file"), file(3 * MemberStream.LARGEST_MEMBER + 5))),
        TreeText.parse("d 0755 a\nl a/z -> one\nf 4755 z suid"));
  }

  private static Entry file(int size) {
    byte[] bytes = new byte[size];
    var random = new Random(1);
    for (int i = 0; i < size; i += 16) {
      bytes[i] = (byte) random.nextInt();
    }
    return new Entry.RegularFile(Attributes.of(0644, 7), Content.of(bytes));
  }

  private WrittenLayer write(List<FileTree> parts, Compression compression, int threads) {
    LayerFormat format = new LayerFormat(LayerCompression.of(compression), EPOCH);
    return new LayerWriter(format, MemberCompressor.of(format.compression()), threads)
        .write(parts, directory, Progress.SILENT);
  }

  private FileTree read(WrittenLayer layer) {
    return LayerFixture.image(new Layer(layer.descriptor(), layer.diffId(), layer.file()))
        .readTree(_ -> true, Progress.SILENT);
  }

  @ParameterizedTest
  @EnumSource
  void sameInputsGiveSameBytesWithAnyNumberOfThreads(Compression compression) throws IOException {
    WrittenLayer one = write(parts(), compression, 1);
    WrittenLayer four = write(parts(), compression, 4);
    assertThat(four.descriptor()).isEqualTo(one.descriptor());
    assertThat(four.diffId()).isEqualTo(one.diffId());
    assertThat(Files.mismatch(one.file(), four.file())).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource
  void allPartsAreReadBack(Compression compression) {
    FileTree tree = read(write(parts(), compression, 2));
    assertThat(TreeText.show(tree.without(new TreePath("big/file"))))
        .isEqualTo(
            """
            d 0755\s
            d 0755 a
            f 0644 a/one 1
            h a/two = a/one
            l a/z -> one
            d 0755 big
            f 4755 z suid
            """);
  }

  @Test
  void everyPartStartsAMember() throws IOException {
    List<FileTree> parts = parts();
    byte[] whole = Files.readAllBytes(write(parts, Compression.GZIP, 2).file());
    byte[] first = Files.readAllBytes(write(parts.subList(0, 1), Compression.GZIP, 2).file());
    // The directories' member differs; that of the first part is found unchanged in both.
    byte[] part = new byte[100];
    int start = memberStart(first, 1);
    System.arraycopy(first, start, part, 0, part.length);
    int same = memberStart(whole, 1);
    assertThat(whole).startsWith(0x1f, 0x8b);
    assertThat(java.util.Arrays.copyOfRange(whole, same, same + 100)).isEqualTo(part);
  }

  private static int memberStart(byte[] gzip, int number) {
    int found = -1;
    for (int i = 0; i < gzip.length - 10; i++) {
      boolean header =
          gzip[i] == 0x1f && gzip[i + 1] == (byte) 0x8b && gzip[i + 2] == 8 && gzip[i + 9] == -1;
      if (header && ++found == number) {
        return i;
      }
    }
    throw new AssertionError("no member " + number);
  }

  @Test
  void linksBetweenPartsAreKept() {
    FileTree both = TreeText.parse("f 0644 b/x content\nh a/y = b/x");
    FileTree first = both.filter((path, _) -> path.value().equals("b/x"));
    FileTree second = both.filter((path, _) -> path.value().equals("a/y"));
    assertThat(TreeText.show(read(write(List.of(first, second), Compression.ZSTD, 2))))
        .contains("f 0644 a/y content\n", "h b/x = a/y\n");
  }

  @Test
  void aPathInTwoPartsIsABug() {
    FileTree part = TreeText.parse("f 0644 a x");
    assertThatThrownBy(() -> write(List.of(part, part), Compression.NONE, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> write(List.of(part, TreeText.parse("f 0644 a/b x")), Compression.NONE, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFailedWriteLeavesNoFile() throws IOException {
    Path file = Files.writeString(directory.resolve("content"), "short");
    Entry entry = new Entry.RegularFile(Attributes.of(0644, 0), Content.ofFile(file, 1_000_000));
    FileTree tree = FileTree.of(Map.of(new TreePath("a"), entry));
    assertThatThrownBy(() -> write(List.of(tree), Compression.GZIP, 2))
        .isInstanceOf(OverpakException.class);
    try (var names = Files.list(directory)) {
      assertThat(names).containsExactly(file);
    }
  }

  @Test
  void whatTheCacheKnowsIsNotCompressedAgain() throws IOException {
    LayerFormat format = new LayerFormat(LayerCompression.of(Compression.GZIP), EPOCH);
    var cache = new MapCache();
    WrittenLayer plain = write(parts(), Compression.GZIP, 2);
    var writer = new LayerWriter(format, cache);
    WrittenLayer cold = writer.write(parts(), directory, Progress.SILENT);
    int compressed = cache.puts.get();
    WrittenLayer warm = writer.write(parts(), directory, Progress.SILENT);
    assertThat(cache.puts.get()).isEqualTo(compressed).isPositive();
    assertThat(cold.descriptor()).isEqualTo(plain.descriptor());
    assertThat(warm.descriptor()).isEqualTo(plain.descriptor());
  }

  private static final class MapCache implements PartCache {
    private final Map<Key, byte[]> kept = new ConcurrentHashMap<>();
    private final AtomicInteger puts = new AtomicInteger();

    @Override
    public Optional<byte[]> get(Key key) {
      return Optional.ofNullable(kept.get(key));
    }

    @Override
    public void put(Key key, byte[] compressed) {
      puts.incrementAndGet();
      kept.put(key, compressed);
    }
  }
}
