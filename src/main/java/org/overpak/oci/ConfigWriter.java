package org.overpak.oci;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Writes an image's configuration: fields in the order of the specification, labels sorted,
/// nothing that is empty, and at the end what is only passed on.
final class ConfigWriter {
  /// RFC 3339 as Go writes it: with as many digits of a second as are not zero.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter(Locale.ROOT);

  private ConfigWriter() {}

  static byte[] write(ImageConfig config, List<WrittenLayer> layers) {
    long described = config.history().stream().filter(step -> !step.emptyLayer()).count();
    if (!config.history().isEmpty() && described != layers.size()) {
      throw new IllegalArgumentException(
          "history of %d layers for %d".formatted(described, layers.size()));
    }
    SequencedMap<String, Json> fields = new LinkedHashMap<>();
    putTime(fields, config.timestamp());
    putText(fields, "architecture", config.architecture());
    putText(fields, "os", config.os());
    fields.put("config", execution(config));
    SequencedMap<String, Json> rootfs = new LinkedHashMap<>();
    putText(rootfs, "type", "layers");
    putTexts(rootfs, "diff_ids", layers.stream().map(layer -> layer.diffId().toString()).toList());
    fields.put("rootfs", new Json.Fields(rootfs));
    if (!config.history().isEmpty()) {
      fields.put(
          "history",
          new Json.Items(config.history().stream().<Json>map(ConfigWriter::history).toList()));
    }
    fields.putAll(config.others().fields().values());
    return new Json.Fields(fields).toBytes();
  }

  private static Json execution(ImageConfig config) {
    SequencedMap<String, Json> fields = new LinkedHashMap<>();
    putText(fields, "User", config.execution().user());
    putTexts(fields, "Env", config.execution().environment());
    putTexts(fields, "Entrypoint", config.execution().entrypoint());
    putTexts(fields, "Cmd", config.execution().command());
    putText(fields, "WorkingDir", config.execution().workingDirectory());
    if (!config.labels().isEmpty()) {
      fields.put("Labels", Json.Fields.ofTexts(config.labels()));
    }
    fields.putAll(config.execution().others().fields().values());
    return new Json.Fields(fields);
  }

  private static Json history(ImageConfig.History step) {
    SequencedMap<String, Json> fields = new LinkedHashMap<>();
    putTime(fields, step.timestamp());
    putText(fields, "created_by", step.createdBy());
    putText(fields, "comment", step.comment());
    if (step.emptyLayer()) {
      fields.put("empty_layer", Json.Literal.TRUE);
    }
    fields.putAll(step.others().fields().values());
    return new Json.Fields(fields);
  }

  private static void putTime(SequencedMap<String, Json> fields, @Nullable Instant time) {
    if (time != null) {
      putText(fields, "created", TIME.format(time.atOffset(ZoneOffset.UTC)));
    }
  }

  private static void putText(SequencedMap<String, Json> fields, String name, String text) {
    if (!text.isEmpty()) {
      fields.put(name, new Json.Text(text));
    }
  }

  private static void putTexts(SequencedMap<String, Json> fields, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      fields.put(name, Json.Items.ofTexts(texts));
    }
  }
}
