package org.overpak.spec;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.overpak.flatpak.Ref;

/// What must be given in the section `flatpak`, and what contradicts what.
final class FlatpakSpecRules {
  /// What only an app has: it is started, shown on the desktop, and runs on a runtime.
  private static final List<String> APP_ONLY =
      List.of(
          "command",
          "runtime-name",
          "runtime-version",
          "rename-appdata-file",
          "rename-desktop-file",
          "rename-icon",
          "rename-mime-file",
          "rename-mime-icons",
          "desktop-file-name-prefix",
          "desktop-file-name-suffix",
          "extra-data",
          "separate-locales",
          "separate-debuginfo");

  /// Which ID the images of Fedora's runtimes have.
  private static final Map<String, String> FEDORA_RUNTIMES =
      Map.of(
          "flatpak-runtime", "org.fedoraproject.Platform",
          "flatpak-sdk", "org.fedoraproject.Sdk",
          "flatpak-kde5-runtime", "org.fedoraproject.KDE5Platform",
          "flatpak-kde5-sdk", "org.fedoraproject.KDE5Sdk",
          "flatpak-kde6-runtime", "org.fedoraproject.KDE6Platform",
          "flatpak-kde6-sdk", "org.fedoraproject.KDE6Sdk");

  private final SpecSection section;
  private final FlatpakSpec spec;
  private final boolean modular;
  private final Consumer<SpecNote> notes;

  /// @param modular whether the spec has `compose: modules`, the old way to say what is installed
  FlatpakSpecRules(
      SpecSection section, FlatpakSpec spec, boolean modular, Consumer<SpecNote> notes) {
    this.section = section;
    this.spec = spec;
    this.modular = modular;
    this.notes = notes;
  }

  void check() {
    checkId();
    if (!Ref.isBranch(spec.branch())) {
      section.wrong(
          "branch",
          "is not a branch: '" + spec.branch() + "'",
          "use letters, digits, '_', '-' and '.', but no '.' at the beginning");
    }
    checkPackages();
    switch (spec.kind()) {
      case APP -> checkRuntimeOfApp();
      case EXTENSION -> {
        checkRuntimeOfExtension();
        refuse("command", "an extension is not started");
        for (String key : List.of("add-extensions", "separate-locales", "separate-debuginfo")) {
          refuse(key, "Flatpak shows no extensions of an extension");
        }
      }
      case RUNTIME -> {
        APP_ONLY.forEach(key -> refuse(key, "a runtime ('build-runtime: true') has none"));
        // Its RPM database would speak of files that are elsewhere.
        if (!spec.splitRefs().bundled().isEmpty()) {
          section.wrong(
              "add-extensions", "is to bundle one, which a runtime cannot", "remove 'bundle'");
        }
      }
    }
    checkOptionalIds();
    noteWithoutEffect();
  }

  private void checkPackages() {
    if (!section.isGiven("packages")) {
      section.missing(
          "packages",
          modular
              ? "list the packages to install: the modules of 'compose' are an old form that is not"
                  + " supported"
              : "list the packages to install");
    } else if (section.value("packages") instanceof YamlNode.Sequence list
        && list.items().isEmpty()) {
      section.wrong("packages", "names no package", "list the packages to install");
    }
  }

  private void checkId() {
    if (!section.isGiven("id")) {
      section.missing("id", "give the Flatpak ID, such as 'id: org.example.App'");
      return;
    }
    requireId("id", spec.id());
  }

  private void requireId(String key, String id) {
    if (!Ref.isId(id)) {
      section.wrong(
          key,
          "is not a Flatpak ID: '" + id + "'",
          "use three or more words joined by '.', such as org.example.App; '-' may stand in the"
              + " last word only");
    }
  }

  private void checkOptionalIds() {
    for (String key : List.of("runtime", "sdk", "end-of-life-rebase")) {
      if (section.isGiven(key)) {
        requireId(
            key,
            switch (key) {
              case "runtime" -> spec.runtime().id();
              case "sdk" -> spec.runtime().sdk();
              default -> spec.endOfLife().rebase();
            });
      }
    }
  }

  private void checkRuntimeOfApp() {
    var runtime = spec.runtime();
    if (runtime.id().isEmpty() && runtime.name().isEmpty() && runtime.baseImage().isEmpty()) {
      section.missing(
          "runtime-name",
          "name the runtime: its image with 'runtime-name', or its ID with 'runtime'");
    } else if (runtime.version().isEmpty() && runtime.baseImage().isEmpty()) {
      section.missing("runtime-version", "give the branch of the runtime, such as f40");
    }
    checkVersion(runtime);
    String idOfName = FEDORA_RUNTIMES.getOrDefault(runtime.name(), runtime.id());
    if (runtime.id().startsWith("org.fedoraproject.") && !runtime.id().equals(idOfName)) {
      section.wrong(
          "runtime",
          "is " + runtime.id() + ", but 'runtime-name: " + runtime.name() + "' is " + idOfName,
          "keep the one that is right");
    }
  }

  private void checkRuntimeOfExtension() {
    var runtime = spec.runtime();
    if (runtime.id().isEmpty()) {
      section.missing("runtime", "give the ID of what the extension extends");
    }
    if (runtime.version().isEmpty()) {
      section.missing("runtime-version", "give the branch of what the extension extends");
    }
    checkVersion(runtime);
  }

  private void checkVersion(RuntimeSpec runtime) {
    if (!runtime.version().isEmpty() && !Ref.isBranch(runtime.version())) {
      section.wrong(
          section.isGiven("runtime-version") ? "runtime-version" : "runtime",
          "is not a branch: '" + runtime.version() + "'",
          "");
    }
  }

  private void refuse(String key, String reason) {
    if (section.isGiven(key)) {
      section.wrong(key, "is out of place: " + reason, "remove it");
    }
  }

  private void noteWithoutEffect() {
    var exports = spec.exports();
    if (exports.copyIcon() && exports.renameIcon().isEmpty()) {
      note("copy-icon", "'copy-icon' has no effect without 'rename-icon'");
    }
    if (spec.kind() == FlatpakSpec.Kind.RUNTIME) {
      for (String key : List.of("tags", "appdata-license", "appstream-compose", "copy-icon")) {
        if (section.isGiven(key)) {
          note(key, "'" + key + "' has no effect on a runtime");
        }
      }
    }
  }

  private void note(String key, String message) {
    notes.accept(new SpecNote(section.positionOf(key), message));
  }
}
