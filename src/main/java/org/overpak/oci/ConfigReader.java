package org.overpak.oci;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads an image's configuration, OCI's or Docker's.
final class ConfigReader {
  private ConfigReader() {}

  static ImageConfig read(JsonDocument document) {
    JsonDocument run = document.object("config").orElse(JsonDocument.empty(document.where()));
    return new ImageConfig(
        document.requiredText("architecture"),
        document.requiredText("os"),
        time(document),
        new ImageConfig.Execution(
            run.text("User").orElse(""),
            run.texts("Env"),
            run.texts("Entrypoint"),
            run.texts("Cmd"),
            run.text("WorkingDir").orElse("")),
        new TreeMap<>(run.textsByName("Labels")),
        document.objects("history").stream().map(ConfigReader::history).toList());
  }

  private static ImageConfig.History history(JsonDocument entry) {
    return new ImageConfig.History(
        time(entry),
        entry.text("created_by").orElse(""),
        entry.text("comment").orElse(""),
        entry.isTrue("empty_layer"));
  }

  private static @Nullable Instant time(JsonDocument document) {
    String text = document.text("created").orElse("");
    if (text.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw document.damaged("'created' is no time: " + text);
    }
  }
}
