package org.overpak.oci;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads an image's configuration, OCI's or Docker's.
final class ConfigReader {
  /// Those that are modelled; `id`, `parent` and `size` are what Docker once said of one image
  /// only.
  private static final Set<String> KNOWN =
      Set.of(
          "created", "architecture", "os", "config", "rootfs", "history", "id", "parent", "size");

  private static final Set<String> KNOWN_OF_EXECUTION =
      Set.of("User", "Env", "Entrypoint", "Cmd", "WorkingDir", "Labels");
  private static final Set<String> KNOWN_OF_HISTORY =
      Set.of("created", "created_by", "comment", "empty_layer");

  private ConfigReader() {}

  static ImageConfig read(JsonDocument document, Map<String, String> annotations) {
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
            run.text("WorkingDir").orElse(""),
            OtherFields.of(run, KNOWN_OF_EXECUTION)),
        new TreeMap<>(run.textsByName("Labels")),
        document.objects("history").stream().map(ConfigReader::history).toList(),
        new TreeMap<>(annotations),
        OtherFields.of(document, KNOWN));
  }

  private static ImageConfig.History history(JsonDocument entry) {
    return new ImageConfig.History(
        time(entry),
        entry.text("created_by").orElse(""),
        entry.text("comment").orElse(""),
        entry.isTrue("empty_layer"),
        OtherFields.of(entry, KNOWN_OF_HISTORY));
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
