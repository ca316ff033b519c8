package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.Digest;
import org.overpak.OverpakException;

class HeaderTest {
  private static final Origin ORIGIN = Origin.ofPackageFile("test.rpm");

  /// Where the first entry after the region's begins in a blob.
  private static final int FIRST = 8 + 16;

  private static HeaderBuilder builder() {
    return HeaderBuilder.ofPackage("hello")
        .int32(Tag.FILESIZES, 1, -1)
        .strings(Tag.BASENAMES, "a", "", "ü");
  }

  private static Header parse(byte[] blob, HeaderKind kind) {
    return Header.parse(blob, kind, ORIGIN);
  }

  @Test
  void readsValuesByTag() {
    Header header = builder().parse();
    assertThat(header.string(Tag.NAME)).isEqualTo("hello");
    assertThat(header.strings(Tag.BASENAMES)).containsExactly("a", "", "ü");
    assertThat(header.numbers(Tag.FILESIZES)).containsExactly(1L, 0xffffffffL);
    assertThat(header.has(Tag.EPOCH)).isFalse();
    assertThat(header.number(Tag.EPOCH, 7)).isEqualTo(7);
    assertThat(header.string(Tag.URL)).isEmpty();
    assertThat(header.strings(Tag.PREFIXES)).isEmpty();
  }

  @Test
  void signedBytesAreThoseOfTheFile() {
    assertThat(builder().parse().signedBytes()).isEqualTo(builder().file());
    assertThat(builder().parse().digest(Digest.Algorithm.SHA256))
        .isEqualTo(Digest.sha256(builder().file()));
  }

  @Test
  void signedBytesLeaveOutWhatInstallingAdded() {
    byte[] blob = builder().blob();
    int entries = ByteBuffer.wrap(blob).getInt();
    int data = ByteBuffer.wrap(blob).getInt(4);
    int padding = -data & 3;
    // One more entry, INSTALLTIME, behind the region's; its data behind the trailer.
    byte[] installed =
        ByteBuffer.allocate(blob.length + 16 + padding + 4)
            .putInt(entries + 1)
            .putInt(data + padding + 4)
            .put(blob, 8, entries * 16)
            .putInt(Tag.INSTALLTIME.number())
            .putInt(HeaderType.INT32.number())
            .putInt(data + padding)
            .putInt(1)
            .put(blob, 8 + entries * 16, data)
            .put(new byte[padding])
            .putInt(12345)
            .array();
    Header header = parse(installed, HeaderKind.INSTALLED);
    assertThat(header.number(Tag.INSTALLTIME, 0)).isEqualTo(12345);
    assertThat(header.string(Tag.NAME)).isEqualTo("hello");
    assertThat(header.signedBytes()).isEqualTo(builder().file());
    assertThatThrownBy(() -> parse(installed, HeaderKind.PACKAGE))
        .hasMessageContaining("outside its region");
  }

  @Test
  void oldTextIsLatin1() {
    byte[] blob = HeaderBuilder.ofPackage("hello").string(Tag.VENDOR, "##").blob();
    for (int i = 0; i < blob.length - 1; i++) {
      if (blob[i] == '#') {
        blob[i] = (byte) 0xe9;
      }
    }
    assertThat(parse(blob, HeaderKind.PACKAGE).string(Tag.VENDOR)).isEqualTo("éé");
  }

  /// A 32-bit word of the blob overwritten: which one, with what, and what is said of it.
  @ParameterizedTest
  @CsvSource({
    "0, 0, entries",
    "0, 65536, entries",
    "0, -1, entries",
    "0, 3, bytes long",
    "4, -1, bytes of data",
    "4, 268435456, bytes of data",
    "4, 268435455, bytes long",
    "8, 62, instead of its region",
    "12, 6, not 16 binary bytes",
    "16, -1, outside its data",
    "16, 1000000, outside its data",
    "16, 0, trailer is malformed",
    "20, 15, not 16 binary bytes",
    "24, 99, no such tag",
    "24, -1000, no such tag",
    "28, 0, no such tag or type",
    "28, 10, no such tag or type",
    "32, -4, overlaps",
    "32, 1000000, overlaps",
    "32, 2147483647, overlaps",
    "36, 0, impossible count",
    "36, -1, impossible count",
    "36, 2, impossible count",
    "48, 0, overlaps",
    "40, 1000, twice",
  })
  void rejectsAnIndexThatLies(int offset, int word, String said) {
    byte[] blob = builder().blob();
    ByteBuffer.wrap(blob).putInt(offset, word);
    assertThatThrownBy(() -> parse(blob, HeaderKind.PACKAGE))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("test.rpm")
        .hasMessageContaining(said);
  }

  @Test
  void rejectsStringsThatDoNotEnd() {
    byte[] blob =
        HeaderBuilder.ofPackage("x").raw(1117, HeaderType.STRING_ARRAY, 3, "a\0b\0").blob();
    assertThatThrownBy(() -> parse(blob, HeaderKind.PACKAGE).strings(Tag.BASENAMES))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("BASENAMES");
    byte[] endless = HeaderBuilder.ofPackage("x").raw(5062, HeaderType.STRING, 1, "utf-8").blob();
    assertThatThrownBy(() -> parse(endless, HeaderKind.PACKAGE).string(Tag.ENCODING))
        .hasMessageContaining("does not end");
  }

  @Test
  void rejectsAnotherType() {
    Header header = builder().raw(Tag.EPOCH.number(), HeaderType.STRING, 1, "1\0").parse();
    assertThatThrownBy(() -> header.number(Tag.EPOCH, 0)).hasMessageContaining("of type STRING");
  }

  @Test
  void signatureHeadersAreSmall() {
    byte[] blob = builder().blob();
    ByteBuffer.wrap(blob).putInt(0, 33);
    assertThatThrownBy(() -> parse(blob, HeaderKind.SIGNATURE)).hasMessageContaining("33 entries");
  }

  /// Whatever bytes are changed or missing: read or refused, never another exception.
  @Test
  void damageIsReadOrRefused() {
    byte[] blob = builder().blob();
    var random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = Arrays.copyOf(blob, blob.length - (round % 7 == 0 ? random.nextInt(9) : 0));
      for (int i = 0; i <= round % 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        Header header = parse(damaged, HeaderKind.INSTALLED);
        for (Tag tag : Tag.values()) {
          switch (tag.type()) {
            case STRING, STRING_ARRAY, I18NSTRING -> header.strings(tag);
            case BIN -> header.bytes(tag);
            case CHAR, INT8, INT16, INT32, INT64 -> header.numbers(tag);
          }
        }
        header.digest(Digest.Algorithm.MD5);
      } catch (OverpakException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_999);
    assertThat(blob[FIRST + 3]).isEqualTo((byte) Tag.NAME.number());
  }
}
