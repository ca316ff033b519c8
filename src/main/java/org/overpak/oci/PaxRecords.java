package org.overpak.oci;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// The records of a pax extended header, `LENGTH KEY=VALUE\n` each, values as bytes (POSIX pax,
/// "pax Extended Header").
final class PaxRecords {
  /// Prefix of extended attributes, star's and everybody's since.
  static final String XATTR = "SCHILY.xattr.";

  private PaxRecords() {}

  static SequencedMap<String, byte[]> parse(byte[] text) throws MalformedArchive {
    SequencedMap<String, byte[]> records = new LinkedHashMap<>();
    int at = 0;
    while (at < text.length) {
      int space = at;
      int length = 0;
      while (space < text.length && text[space] >= '0' && text[space] <= '9' && space - at < 8) {
        length = length * 10 + (text[space] - '0');
        space++;
      }
      int end = at + length;
      if (space == at
          || space >= text.length
          || text[space] != ' '
          || end > text.length
          || end <= space + 1
          || text[end - 1] != '\n') {
        throw new MalformedArchive("extended header has a record of wrong length");
      }
      int equals = space + 1;
      while (equals < end - 1 && text[equals] != '=') {
        equals++;
      }
      if (equals == space + 1 || equals == end - 1) {
        throw new MalformedArchive("extended header has a record without key or '='");
      }
      String key = new String(text, space + 1, equals - space - 1, StandardCharsets.UTF_8);
      byte[] value = new byte[end - 1 - (equals + 1)];
      System.arraycopy(text, equals + 1, value, 0, value.length);
      records.put(key, value);
      at = end;
    }
    return records;
  }

  static byte[] format(Map<String, byte[]> records) {
    var text = new ByteArrayOutputStream();
    records.forEach(
        (key, value) -> {
          byte[] name = key.getBytes(StandardCharsets.UTF_8);
          int rest = name.length + value.length + 3;
          // The length counts its own digits.
          int length = rest + String.valueOf(rest).length();
          length = rest + String.valueOf(length).length();
          text.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
          text.writeBytes(name);
          text.write('=');
          text.writeBytes(value);
          text.write('\n');
        });
    return text.toByteArray();
  }
}
