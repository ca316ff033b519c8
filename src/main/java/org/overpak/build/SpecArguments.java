package org.overpak.build;

import java.util.ArrayList;
import java.util.List;
import org.overpak.spec.ExtensionPoint;
import org.overpak.spec.FlatpakSpec;

/// What a spec gives `flatpak build-finish`: its own arguments, and those that its keys stand for,
/// as flatpak-builder passes them (`builder-manifest.c:builder_manifest_finish`,
/// `builder-extension.c`).
final class SpecArguments {
  /// The order of flatpak-builder's arguments, which is that of the keys in the metadata.
  private static final List<String> EXTENSION_KEYS =
      List.of(
          "directory",
          "autodelete",
          "no-autodownload",
          "locale-subset",
          "subdirectories",
          "add-ld-path",
          "download-if",
          "enable-if",
          "autoprune-unless",
          "merge-dirs",
          "subdirectory-suffix",
          "version",
          "versions");

  private SpecArguments() {}

  /// @param arch in Flatpak's name
  static List<String> of(FlatpakSpec spec, String arch) {
    List<String> words = new ArrayList<>();
    if (!spec.command().isEmpty()) {
      words.add("--command=" + spec.command());
    }
    words.addAll(spec.finishArgs());
    spec.extensionPoints().forEach(point -> addTo(words, point));
    spec.extraData().stream()
        .filter(data -> data.isFor(arch))
        .forEach(data -> words.add(data.finishArg()));
    return words;
  }

  /// A flag that is not set is not written.
  private static void addTo(List<String> words, ExtensionPoint point) {
    for (String key : EXTENSION_KEYS) {
      String value = point.properties().getOrDefault(key, "false");
      if (!value.equals("false")) {
        words.add("--extension=%s=%s=%s".formatted(point.name(), key, value));
      }
    }
  }
}
