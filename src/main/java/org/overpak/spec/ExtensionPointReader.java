package org.overpak.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads one entry of `add-extensions`, whose keys are those of flatpak-builder, which are those of
/// the group `[Extension NAME]` in Flatpak's metadata (flatpak-metadata(5)).
final class ExtensionPointReader {
  private static final List<String> FLAGS =
      List.of("autodelete", "no-autodownload", "subdirectories", "locale-subset", "bundle");

  private static final List<String> TEXTS =
      List.of(
          "directory",
          "version",
          "versions",
          "add-ld-path",
          "merge-dirs",
          "subdirectory-suffix",
          "download-if",
          "enable-if",
          "autoprune-unless");

  private ExtensionPointReader() {}

  static Map<String, String> read(SpecSection section) {
    Map<String, String> properties = new LinkedHashMap<>();
    FLAGS.forEach(section::value);
    TEXTS.forEach(section::value);
    for (String key : section.given()) {
      if (FLAGS.contains(key)) {
        properties.put(key, Boolean.toString(section.flag(key, false)));
      } else if (TEXTS.contains(key)) {
        properties.put(key, section.line(key));
      }
    }
    if (!section.isGiven("directory")) {
      section.missing("directory", "say where extensions are mounted, below /app");
    }
    section.refuseUnknown(
        key ->
            key.equals("remove-after-build")
                ? "remove it: nothing is built from sources here that an extension could help with"
                : null);
    return properties;
  }
}
