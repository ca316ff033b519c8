package org.overpak.build;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.EndOfLife;
import org.overpak.spec.ExportSpec;
import org.overpak.spec.FlatpakSpec;
import org.overpak.spec.ImageSpec;
import org.overpak.spec.RuntimeSpec;

/// Which keys of a spec an app build carries out: none that was given is passed over in silence.
record SpecSupport(ContainerSpec spec) {

  /// Refuses a spec that is not of an app, or whose keys would change the app in ways that are not
  /// carried out.
  ///
  /// @throws OverpakException (SPEC) with the place of the key
  void requireApp() {
    if (spec.flatpak().kind() != FlatpakSpec.Kind.APP) {
      throw unsupported("build-runtime", "Import an installed root: overpak runtime import.");
    }
    ExportSpec exports = spec.flatpak().exports();
    EndOfLife endOfLife = spec.flatpak().endOfLife();
    given(
            Map.ofEntries(
                Map.entry("rename-desktop-file", !exports.renameDesktopFile().isEmpty()),
                Map.entry("rename-appdata-file", !exports.renameAppdataFile().isEmpty()),
                Map.entry("rename-icon", !exports.renameIcon().isEmpty()),
                Map.entry("rename-mime-file", !exports.renameMimeFile().isEmpty()),
                Map.entry("rename-mime-icons", !exports.renameMimeIcons().isEmpty()),
                Map.entry("desktop-file-name-prefix", !exports.desktopNamePrefix().isEmpty()),
                Map.entry("desktop-file-name-suffix", !exports.desktopNameSuffix().isEmpty()),
                Map.entry("appdata-license", !exports.appdataLicense().isEmpty()),
                Map.entry("add-extensions", !spec.flatpak().extensionPoints().isEmpty()),
                Map.entry("end-of-life", !endOfLife.reason().isEmpty()),
                Map.entry("end-of-life-rebase", !endOfLife.rebase().isEmpty())))
        .stream()
        .findFirst()
        .ifPresent(
            key -> {
              throw unsupported(key, "Remove it, or do in the package what it does.");
            });
  }

  /// Refuses a runtime that is not the one that the spec names.
  ///
  /// @param image of RUNTIME, for the message
  /// @throws OverpakException (SPEC) with the place of the key
  void requireBuiltOn(Ref runtime, ImageName image) {
    RuntimeSpec wanted = spec.flatpak().runtime();
    if (!wanted.id().isEmpty() && !wanted.id().equals(runtime.id())) {
      throw mismatch("runtime", wanted.id(), runtime, image);
    }
    // Koji's names of a release (f41) are not branches, so a version alone decides only with an ID.
    if (!wanted.id().isEmpty()
        && !wanted.version().isEmpty()
        && !wanted.version().equals(runtime.branch())) {
      throw mismatch("runtime-version", wanted.version(), runtime, image);
    }
  }

  private OverpakException mismatch(String key, String wanted, Ref runtime, ImageName image) {
    return new OverpakException(
        ExitCode.SPEC,
        "%s: '%s' is %s, but %s is %s".formatted(spec.positionOf(key), key, wanted, image, runtime),
        "Give the image of the runtime that the spec names, or correct the spec.");
  }

  /// Refuses a spec with cleanup commands, where nothing runs them.
  ///
  /// @throws OverpakException (SPEC) with the place of the key
  void requireNoCleanup() {
    if (!spec.flatpak().cleanupCommands().isEmpty()) {
      throw unsupported(
          "cleanup-commands", "Remove it, and run the commands in the Containerfile.");
    }
  }

  private OverpakException unsupported(String key, String advice) {
    return new OverpakException(
        ExitCode.SPEC,
        spec.positionOf(key) + ": this version cannot carry out '" + key + "'",
        advice);
  }

  /// A note for each key that tells something of the image, changes nothing in the app, and is not
  /// carried out.
  List<String> withoutEffect() {
    ImageSpec image = spec.flatpak().image();
    return given(
            Map.of(
                "name", !image.name().isEmpty(),
                "component", !image.component().isEmpty(),
                "labels", !image.labels().isEmpty()))
        .stream()
        .map(key -> spec.positionOf(key) + ": '" + key + "' has no effect in this version")
        .toList();
  }

  /// The keys that are given, in the order of their names.
  private static List<String> given(Map<String, Boolean> keys) {
    return new TreeMap<>(keys)
        .entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
  }
}
