package org.overpak.repo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/// Reads `modules.yaml`: documents of kind `modulemd` and `modulemd-defaults`; others say nothing
/// that resolving needs.
final class ModulesReader {
  /// RHEL 8's, the largest there is, has 10 MB.
  private static final int LARGEST = 128 << 20;

  private ModulesReader() {}

  /// @param origin URL of the document, for messages
  static Modules read(InputStream in, String origin) {
    // Failsafe: a stream called 1.10 is no number. Collections behind aliases are not needed.
    var settings =
        LoadSettings.builder()
            .setSchema(new FailsafeSchema())
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(LARGEST)
            .setLabel(origin)
            .build();
    List<Modules.Stream> streams = new ArrayList<>();
    Map<String, String> defaults = new TreeMap<>();
    try {
      for (Object document : new Load(settings).loadAllFromInputStream(in)) {
        Map<?, ?> data = mapping(document, "data");
        switch (text(document, "document")) {
          case "modulemd" ->
              streams.add(
                  new Modules.Stream(
                      text(data, "name"),
                      text(data, "stream"),
                      texts(mapping(data, "artifacts").get("rpms"))));
          case "modulemd-defaults" -> {
            if (!text(data, "stream").isEmpty()) {
              defaults.put(text(data, "module"), text(data, "stream"));
            }
          }
          default -> {
            // translations, obsoletes, packagers' documents
          }
        }
      }
      in.transferTo(OutputStream.nullOutputStream());
    } catch (YamlEngineException e) {
      @Nullable String message = e.getMessage();
      throw new OverpakException(
          ExitCode.REPOSITORY,
          origin
              + ": not YAML: "
              + (message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", " ")),
          "Make the repository's metadata again.",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Modules(streams, defaults);
  }

  private static Map<?, ?> mapping(@Nullable Object node, String key) {
    return node instanceof Map<?, ?> map && map.get(key) instanceof Map<?, ?> value
        ? value
        : Map.of();
  }

  private static String text(@Nullable Object node, String key) {
    return node instanceof Map<?, ?> map && map.get(key) instanceof String value ? value : "";
  }

  private static List<String> texts(@Nullable Object node) {
    return node instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}
