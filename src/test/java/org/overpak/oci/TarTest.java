package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;

class TarTest {
  @Test
  void readsBackWhatItWrote() throws IOException {
    var attributes =
        new Attributes(
            06755,
            new Owner(1000, 3_000_000),
            -5,
            new TreeMap<>(
                Map.of("security.capability", new ExtendedAttribute(new byte[] {1, 0, -1, '\n'}))));
    TreePath path = new TreePath("größe/" + "long-name/".repeat(12) + "文");

    TarEntry entry = onlyEntry(tar(path, new Entry.RegularFile(attributes, Content.of("hello"))));

    assertThat(entry.name()).isEqualTo(path.value());
    assertThat(entry.attributes()).isEqualTo(attributes);
    assertThat(entry.size()).isEqualTo(5);
    assertThat(entry.type()).isEqualTo(TarEntry.Type.REGULAR);
  }

  @Test
  void entriesWithoutNeedHaveNoExtendedHeader() throws IOException {
    byte[] tar = tar(new TreePath("a"), new Entry.Directory(Attributes.of(0755, 1)));
    assertThat(tar).hasSize(3 * 512);
  }

  @Test
  void sizesBeyondTheFieldAreReadFromTheExtendedHeader() throws IOException {
    byte[] block =
        tar(new TreePath("a"), new Entry.RegularFile(Attributes.of(0644, 0), Content.of("")));
    var out = new ByteArrayOutputStream();
    byte[] records =
        PaxRecords.format(Map.of("size", "10000000000".getBytes(StandardCharsets.US_ASCII)));
    var header = Arrays.copyOf(block, 512);
    TarHeader.SIZE.putNumber(header, records.length);
    out.writeBytes(withType(header, 'x'));
    out.writeBytes(Arrays.copyOf(records, 512));
    out.writeBytes(Arrays.copyOf(block, 512));
    var reader = new TarReader(new ByteArrayInputStream(out.toByteArray()));
    TarEntry entry = reader.next().orElseThrow();
    assertThat(entry.size()).isEqualTo(10_000_000_000L);
    assertThat(entry.offset()).isEqualTo(3 * 512);
  }

  @Test
  void everyTruncationIsAnError() throws IOException {
    byte[] tar =
        tar(
            new TreePath("é"),
            new Entry.RegularFile(Attributes.of(0644, 0), Content.of("x".repeat(700))));
    int whole = tar.length - 1024;
    for (int length = 1; length < whole; length += 97) {
      if (length % 512 == 0) {
        continue;
      }
      byte[] cut = Arrays.copyOf(tar, length);
      assertThatThrownBy(() -> entries(cut))
          .as("cut at %d", length)
          .isInstanceOf(IOException.class);
    }
    assertThat(entries(tar)).hasSize(1);
  }

  @Test
  void refusesEveryChangedHeaderByte() throws IOException {
    byte[] tar = tar(new TreePath("a"), new Entry.Directory(Attributes.of(0755, 1)));
    for (int i = 0; i < 512; i++) {
      byte[] changed = tar.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> entries(changed))
          .as("byte %d", i)
          .isInstanceOf(MalformedArchive.class);
    }
  }

  @Test
  void refusesNamesThatAreNoUtf8() {
    byte[] block = header(new byte[] {'a', (byte) 0xe9}, '0');
    assertThatThrownBy(() -> entries(block))
        .isInstanceOf(MalformedArchive.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesSparseFilesLinksWithContentAndUnknownTypes() {
    assertThatThrownBy(() -> entries(header("a".getBytes(StandardCharsets.US_ASCII), 'S')))
        .hasMessageContaining("type");
    byte[] link = header("a".getBytes(StandardCharsets.US_ASCII), '1');
    TarHeader.SIZE.putNumber(link, 512);
    assertThatThrownBy(() -> entries(withType(link, '1'))).hasMessageContaining("has content");
  }

  @Test
  void readsGnuLongNamesAndBase256Numbers() throws IOException {
    var out = new ByteArrayOutputStream();
    byte[] name = ("d/".repeat(80) + "f\0").getBytes(StandardCharsets.US_ASCII);
    byte[] longName = header("././@LongLink".getBytes(StandardCharsets.US_ASCII), 'L');
    TarHeader.SIZE.putNumber(longName, name.length);
    out.writeBytes(withType(longName, 'L'));
    out.writeBytes(Arrays.copyOf(name, 512));
    byte[] file = header("cut".getBytes(StandardCharsets.US_ASCII), '0');
    file[TarHeader.MODIFIED.offset()] = (byte) 0xff;
    Arrays.fill(
        file, TarHeader.MODIFIED.offset() + 1, TarHeader.MODIFIED.offset() + 12, (byte) 0xff);
    out.writeBytes(withType(file, '0'));
    TarEntry entry = entries(out.toByteArray()).getFirst();
    assertThat(entry.name()).isEqualTo("d/".repeat(80) + "f");
    assertThat(entry.attributes().modified()).isEqualTo(-1);
  }

  static byte[] header(byte[] name, char type) {
    byte[] block = new byte[512];
    TarHeader.NAME.putText(block, name);
    TarHeader.MODE.putNumber(block, 0644);
    return withType(block, type);
  }

  static byte[] withType(byte[] header, char type) {
    byte[] block = header.clone();
    block[TarHeader.TYPE] = (byte) type;
    TarHeader.MAGIC.putText(block, TarHeader.USTAR);
    TarHeader.CHECKSUM.putText(
        block, "%06o\0 ".formatted(TarHeader.checksum(block)).getBytes(StandardCharsets.US_ASCII));
    return block;
  }

  private static byte[] tar(TreePath path, Entry entry) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var contents = new ContentReader()) {
      var tar = new TarWriter(out, contents);
      tar.write(path, entry);
      tar.finish();
    }
    return out.toByteArray();
  }

  private static List<TarEntry> entries(byte[] tar) throws IOException {
    var reader = new TarReader(new ByteArrayInputStream(tar));
    List<TarEntry> entries = new ArrayList<>();
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      entries.add(next.get());
    }
    return entries;
  }

  private static TarEntry onlyEntry(byte[] tar) throws IOException {
    List<TarEntry> entries = entries(tar);
    assertThat(entries).hasSize(1);
    return entries.getFirst();
  }
}
