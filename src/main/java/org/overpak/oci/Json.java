package org.overpak.oci;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A JSON value. Fields keep their order and numbers their text, so that what is not understood is
/// written back as it was.
sealed interface Json {
  record Fields(SequencedMap<String, Json> values) implements Json {
    public Fields {
      values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    static Fields ofTexts(SequencedMap<String, String> texts) {
      SequencedMap<String, Json> values = new LinkedHashMap<>();
      texts.forEach((key, value) -> values.put(key, new Text(value)));
      return new Fields(values);
    }
  }

  record Items(List<Json> values) implements Json {
    public Items {
      values = List.copyOf(values);
    }

    static Items ofTexts(List<String> texts) {
      return new Items(texts.stream().<Json>map(Text::new).toList());
    }
  }

  record Text(String value) implements Json {}

  record Numeral(String literal) implements Json {
    Numeral(long value) {
      this(String.valueOf(value));
    }
  }

  enum Literal implements Json {
    TRUE("true"),
    FALSE("false"),
    NULL("null");

    private final String text;

    Literal(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /// Without any white space.
  default byte[] toBytes() {
    return JsonWriter.write(this);
  }
}
