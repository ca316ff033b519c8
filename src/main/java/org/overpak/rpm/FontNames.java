package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The families that an OpenType font, or a collection of such, says that it is of (OpenType,
/// `name` table).
final class FontNames {
  private static final int COLLECTION = 0x74746366;
  private static final List<Integer> FONTS = List.of(0x00010000, 0x4f54544f, 0x74727565);
  private static final int NAMES = 0x6e616d65;

  /// Those of the family: of faces that differ in nothing but weight, width and slope; as designers
  /// sort them; and by the rules of four styles.
  private static final List<Integer> FAMILIES = List.of(21, 16, 1);

  /// More fonts than a collection has.
  private static final int MOST_FONTS = 1024;

  private final ByteBuffer bytes;
  private final Set<String> families = new LinkedHashSet<>();

  private FontNames(byte[] content) {
    bytes = ByteBuffer.wrap(content);
  }

  /// Whether a file begins like a font.
  static boolean isFont(byte[] head) {
    if (head.length < Integer.BYTES) {
      return false;
    }
    int magic = ByteBuffer.wrap(head).getInt();
    return magic == COLLECTION || FONTS.contains(magic);
  }

  /// Families in the font CONTENT; none if it is damaged.
  static Set<String> of(byte[] content) {
    var names = new FontNames(content);
    try {
      names.read();
    } catch (IndexOutOfBoundsException e) {
      names.families.clear();
    }
    return names.families;
  }

  private void read() {
    if (bytes.getInt(0) != COLLECTION) {
      readFont(0);
      return;
    }
    int count = Math.min(bytes.getInt(8), MOST_FONTS);
    for (int font = 0; font < count; font++) {
      readFont(bytes.getInt(12 + 4 * font));
    }
  }

  private void readFont(int at) {
    int tables = half(at + 4);
    for (int table = 0; table < tables; table++) {
      int entry = at + 12 + 16 * table;
      if (bytes.getInt(entry) == NAMES) {
        readNames(bytes.getInt(entry + 8));
      }
    }
  }

  private void readNames(int at) {
    int count = half(at + 2);
    int texts = at + half(at + 4);
    for (int number = 0; number < count; number++) {
      int entry = at + 6 + 12 * number;
      if (FAMILIES.contains(half(entry + 6))) {
        int start = texts + half(entry + 10);
        charset(half(entry), half(entry + 2))
            .map(charset -> text(start, half(entry + 8), charset))
            .filter(name -> !name.isEmpty())
            .ifPresent(families::add);
      }
    }
  }

  private String text(int start, int length, Charset charset) {
    byte[] name = Arrays.copyOfRange(bytes.array(), start, start + length);
    return new String(name, charset).replace(" ", "").toLowerCase(Locale.ROOT);
  }

  /// Of Unicode's, Apple's and Microsoft's platforms, as far as Java must know it.
  private static Optional<Charset> charset(int platform, int encoding) {
    return switch (platform) {
      case 0 -> Optional.of(StandardCharsets.UTF_16BE);
      case 1 -> encoding == 0 ? Optional.of(StandardCharsets.US_ASCII) : Optional.empty();
      case 3 ->
          encoding == 0 || encoding == 1 || encoding == 10
              ? Optional.of(StandardCharsets.UTF_16BE)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private int half(int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }
}
