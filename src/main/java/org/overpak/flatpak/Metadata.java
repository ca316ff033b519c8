package org.overpak.flatpak;

import java.util.List;
import java.util.Optional;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// The `metadata` of an app, runtime or extension: a key file with one of the groups
/// `[Application]` and `[Runtime]`.
///
/// Flatpak compares the file with the copy in the commit byte by byte, so {@link #text} is kept as
/// it was read.
///
/// @param text the whole file
/// @param keyfile the same, parsed
public record Metadata(String text, Keyfile keyfile) {
  static final String APPLICATION = "Application";
  static final String RUNTIME = "Runtime";
  static final String EXTENSION_OF = "ExtensionOf";
  static final String EXTENSION_PREFIX = "Extension ";

  /// A place where extensions are mounted.
  ///
  /// @param name of the extension, without its tag
  /// @param directory below `/app` or `/usr`; empty if the metadata lacks it
  public record ExtensionPoint(String name, String directory) {}

  /// Reads TEXT, which stands in WHERE (a file, a label).
  ///
  /// @throws OverpakException if it is no key file, or has no `name` of an app or runtime
  public static Metadata parse(String text, String where) {
    return new Metadata(text, Keyfile.parse(text, where)).checked(where);
  }

  public static Metadata of(Keyfile keyfile) {
    return new Metadata(keyfile.text(), keyfile).checked("metadata");
  }

  /// The least an app needs.
  public static Metadata ofApp(Ref app, Ref runtime, Ref sdk) {
    return of(base(APPLICATION, app, runtime, sdk));
  }

  /// The least a runtime needs; a runtime names itself as the runtime that it is used with.
  public static Metadata ofRuntime(Ref runtime, Ref sdk) {
    return ofRuntime(runtime, runtime, sdk);
  }

  /// A runtime that names another as the one that it is used with, as an SDK names its platform.
  public static Metadata ofRuntime(Ref runtime, Ref usedWith, Ref sdk) {
    return of(base(RUNTIME, runtime, usedWith, sdk));
  }

  private static Keyfile base(String group, Ref ref, Ref runtime, Ref sdk) {
    return Keyfile.EMPTY
        .with(group, "name", ref.id())
        .with(group, "runtime", runtime.pref())
        .with(group, "sdk", sdk.pref());
  }

  private Metadata checked(String where) {
    if (keyfile.string(group(), "name").isEmpty()) {
      throw new OverpakException(
          ExitCode.IMAGE,
          where + ": neither [Application] nor [Runtime] has a name",
          "Give the metadata of an app, a runtime or an extension.");
    }
    return this;
  }

  /// The group that says what this is: `Application` or `Runtime`.
  String group() {
    return keyfile.string(APPLICATION, "name").isPresent() ? APPLICATION : RUNTIME;
  }

  public Ref.Kind kind() {
    return group().equals(APPLICATION) ? Ref.Kind.APP : Ref.Kind.RUNTIME;
  }

  /// The ID of what this describes.
  public String name() {
    return keyfile.string(group(), "name").orElseThrow();
  }

  /// The runtime it runs on.
  ///
  /// @throws OverpakException if the key is there and names none
  public Optional<Ref> runtime() {
    return pref("runtime");
  }

  /// The SDK it is built with.
  ///
  /// @throws OverpakException if the key is there and names none
  public Optional<Ref> sdk() {
    return pref("sdk");
  }

  /// The program that an app starts.
  public Optional<String> command() {
    return keyfile.string(APPLICATION, "command");
  }

  /// Whether this is an extension, which ships neither exports nor a runtime.
  public boolean isExtension() {
    return keyfile.hasGroup(EXTENSION_OF);
  }

  /// The places where extensions are mounted, in the file's order.
  public List<ExtensionPoint> extensionPoints() {
    return keyfile.groups().stream()
        .filter(group -> group.startsWith(EXTENSION_PREFIX))
        .map(
            group ->
                new ExtensionPoint(
                    extensionName(group), keyfile.string(group, "directory").orElse("")))
        .toList();
  }

  /// The name of the extension that GROUP is for, without its tag.
  static String extensionName(String group) {
    return group.substring(EXTENSION_PREFIX.length()).replaceFirst("@.*", "");
  }

  private Optional<Ref> pref(String key) {
    return keyfile.string(group(), key).map(text -> pref(key, text));
  }

  private Ref pref(String key, String text) {
    try {
      return Ref.parsePref(Ref.Kind.RUNTIME, text);
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "metadata of %s: %s=%s: %s".formatted(name(), key, text, e.getMessage()),
          "Write it as ID/ARCH/BRANCH.",
          e);
    }
  }
}
