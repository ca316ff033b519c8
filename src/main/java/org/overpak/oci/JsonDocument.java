package org.overpak.oci;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// An object of a JSON document read for its fields. A field that is null counts as missing, as Go
/// writes it.
///
/// @param where the document and the place in it, as a person would say it
record JsonDocument(Json.Fields fields, String where) {
  /// An object that was left out.
  static JsonDocument empty(String where) {
    return new JsonDocument(new Json.Fields(new LinkedHashMap<>()), where);
  }

  static JsonDocument parse(byte[] bytes, String where) {
    try {
      if (JsonReader.parse(bytes) instanceof Json.Fields fields) {
        return new JsonDocument(fields, where);
      }
      throw damaged(where, "it is no JSON object");
    } catch (IllegalArgumentException e) {
      throw damaged(where, String.valueOf(e.getMessage()));
    }
  }

  /// The objects of a document that is an array of them.
  static List<JsonDocument> parseArray(byte[] bytes, String where) {
    Json value;
    try {
      value = JsonReader.parse(bytes);
    } catch (IllegalArgumentException e) {
      throw damaged(where, String.valueOf(e.getMessage()));
    }
    if (value instanceof Json.Items items) {
      return items.values().stream().map(item -> ofItem(item, where, "it")).toList();
    }
    throw damaged(where, "it is no JSON array");
  }

  Optional<Json> get(String name) {
    return Optional.ofNullable(fields.values().get(name))
        .filter(value -> value != Json.Literal.NULL);
  }

  Optional<String> text(String name) {
    return get(name).map(value -> asText(name, value));
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> damaged(where, "'" + name + "' is missing"));
  }

  boolean isTrue(String name) {
    return get(name).filter(value -> value == Json.Literal.TRUE).isPresent();
  }

  long requiredNumber(String name) {
    if (get(name).orElse(null) instanceof Json.Numeral number) {
      try {
        return Long.parseLong(number.literal());
      } catch (NumberFormatException _) {
        // Said below.
      }
    }
    throw damaged(where, "'" + name + "' is missing or no whole number");
  }

  Digest asDigest(String name, String text) {
    try {
      Digest digest = Digest.parse(text);
      // The registered algorithms; nothing weaker can name content.
      return switch (digest.algorithm()) {
        case SHA256, SHA384, SHA512 -> digest;
        case MD5, SHA1, SHA224, SHA3_256 ->
            throw damaged(where, "'" + name + "' has an algorithm that OCI does not have: " + text);
      };
    } catch (IllegalArgumentException e) {
      throw damaged(where, "'" + name + "': " + e.getMessage());
    }
  }

  Optional<JsonDocument> object(String name) {
    return get(name)
        .map(
            value -> {
              if (value instanceof Json.Fields inner) {
                return new JsonDocument(inner, where + ", '" + name + "'");
              }
              throw damaged(where, "'" + name + "' is no object");
            });
  }

  JsonDocument requiredObject(String name) {
    return object(name).orElseThrow(() -> damaged(where, "'" + name + "' is missing"));
  }

  /// The objects of an array; none if it is missing.
  List<JsonDocument> objects(String name) {
    String inner = where + ", '" + name + "'";
    return items(name).stream().map(item -> ofItem(item, inner, "'" + name + "'")).toList();
  }

  private static JsonDocument ofItem(Json item, String where, String array) {
    if (item instanceof Json.Fields fields) {
      return new JsonDocument(fields, where);
    }
    throw damaged(where, array + " has something that is no object");
  }

  List<String> texts(String name) {
    return items(name).stream().map(item -> asText(name, item)).toList();
  }

  SequencedMap<String, String> textsByName(String name) {
    SequencedMap<String, String> result = new LinkedHashMap<>();
    object(name)
        .ifPresent(
            inner ->
                inner
                    .fields
                    .values()
                    .forEach((key, value) -> result.put(key, inner.asText(key, value))));
    return result;
  }

  /// These fields as those of a descriptor.
  Descriptor descriptor() {
    long size = requiredNumber("size");
    if (size < 0) {
      throw damaged(where, "'size' is negative");
    }
    return new Descriptor(
        requiredText("mediaType"), asDigest("digest", requiredText("digest")), size);
  }

  private List<Json> items(String name) {
    return get(name)
        .map(
            value -> {
              if (value instanceof Json.Items items) {
                return items.values();
              }
              throw damaged(where, "'" + name + "' is no array");
            })
        .orElse(List.of());
  }

  private String asText(String name, Json value) {
    if (value instanceof Json.Text text) {
      return text.value();
    }
    throw damaged(where, "'" + name + "' is no string");
  }

  OverpakException damaged(String what) {
    return damaged(where, what);
  }

  /// What is right, but cannot be read here.
  OverpakException unsupported(String what) {
    return new OverpakException(
        ExitCode.IMAGE, where + ": " + what, "Convert the image, for instance with skopeo copy.");
  }

  private static OverpakException damaged(String where, String what) {
    return new OverpakException(
        ExitCode.IMAGE, where + " is damaged: " + what, "Make or fetch the image again.");
  }
}
