package org.overpak.oci;

import java.nio.charset.StandardCharsets;

/// Writes JSON in one way only: no white space, escapes where RFC 8259 demands them.
final class JsonWriter {
  private final StringBuilder text = new StringBuilder();

  private JsonWriter() {}

  static byte[] write(Json value) {
    var writer = new JsonWriter();
    writer.append(value);
    return writer.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void append(Json value) {
    switch (value) {
      case Json.Text string -> appendText(string.value());
      case Json.Numeral number -> text.append(number.literal());
      case Json.Literal literal -> text.append(literal.text());
      case Json.Items items -> {
        text.append('[');
        String separator = "";
        for (Json item : items.values()) {
          text.append(separator);
          append(item);
          separator = ",";
        }
        text.append(']');
      }
      case Json.Fields fields -> {
        text.append('{');
        String separator = "";
        for (var field : fields.values().entrySet()) {
          text.append(separator);
          appendText(field.getKey());
          text.append(':');
          append(field.getValue());
          separator = ",";
        }
        text.append('}');
      }
    }
  }

  private void appendText(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ') {
            text.append("\\u00").append(Character.forDigit(c >> 4, 16));
            text.append(Character.forDigit(c & 15, 16));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
