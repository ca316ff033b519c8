package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.TreePath;

/// What the arguments of `flatpak build-finish` make of an app's metadata: permissions, command,
/// extensions and all else. The result is what Flatpak 1.14's `build-finish` writes, byte by byte,
/// except that lists which it writes in the order of a hash table are sorted.
///
/// Stricter than Flatpak where it warns or ignores: a suffix of a location that it does not know,
/// `..` at the end of one, a `--require-version` that is no version, a condition or a USB device in
/// a list that it does not know. Names and options of newer versions are known; {@link
/// #clientNotes} tells what they need.
public final class FinishArgs {
  static final String ACCESSIBILITY_BUS = "Accessibility Bus Policy";
  static final String USB_DEVICES = "USB Devices";

  final Context context = new Context();
  final ClientVersions clients = new ClientVersions();
  final List<List<String>> extraData = new ArrayList<>();
  final List<Assignment> extensions = new ArrayList<>();
  final List<Assignment> metadata = new ArrayList<>();
  final List<String> removedExtensions = new ArrayList<>();
  final SortedSet<String> accessibilityNames = new TreeSet<>();
  final NavigableSet<String> usbDevices = new TreeSet<>(TreePath::compare);
  final NavigableSet<String> hiddenUsbDevices = new TreeSet<>(TreePath::compare);
  @Nullable String command;
  @Nullable String requiredVersion;
  @Nullable String sdk;
  @Nullable String runtime;
  @Nullable Integer extensionPriority;
  boolean exports = true;
  boolean inheritsPermissions = true;

  /// `KEY=VALUE` in `[GROUP]`.
  record Assignment(String group, String key, String value) {
    Keyfile addTo(Keyfile file) {
      return file.with(group, key, value);
    }
  }

  FinishArgs() {}

  /// Reads the words of a command line, without `DIRECTORY`.
  ///
  /// @throws OverpakException if an option is unknown or its value malformed, naming it
  public static FinishArgs parse(List<String> words) {
    return FinishArgsReader.read(words);
  }

  /// WORDS with `--usb-list=…` for each `--usb-list-file=FILE`.
  ///
  /// @param files gives the content of a file of which it is told the name
  public static List<String> withFiles(List<String> words, UnaryOperator<String> files) {
    return FinishArgsReader.withFiles(words, files);
  }

  /// What these arguments need a newer Flatpak than 1.14 for, on the machine where the app runs,
  /// unless they demand one anyway.
  public List<String> clientNotes() {
    return clients.notes(requiredVersion);
  }

  /// The command that `--command` gives.
  public Optional<String> command() {
    return Optional.ofNullable(command);
  }

  /// Whether the app exports files: `--no-exports` was not given.
  public boolean hasExports() {
    return exports;
  }

  /// The bus names that the app may own by these arguments, some ending with `.*`: services may be
  /// exported for them.
  public List<String> ownNames() {
    return context.ownNames();
  }

  /// METADATA finished, without what the runtime gives.
  ///
  /// @throws OverpakException if METADATA is malformed, or an argument does not go with it
  public Metadata finish(Metadata base) {
    return finish(base, new Context());
  }

  /// METADATA of an app finished; the permissions of its RUNTIME lie below its own, unless
  /// `--no-inherit-permissions` was given.
  ///
  /// @throws OverpakException if the metadata are malformed, or an argument does not go with them
  public Metadata finish(Metadata base, Metadata runtimeMetadata) {
    var inherited = new Context();
    if (inheritsPermissions && base.kind() == Ref.Kind.APP) {
      inherited.load(runtimeMetadata.keyfile());
      inherited.forgetEnvironment();
    }
    return finish(base, inherited);
  }

  /// In the order of `flatpak-builtins-build-finish.c:update_metadata`, which is the order of new
  /// groups and keys.
  private Metadata finish(Metadata base, Context below) {
    below.load(base.keyfile());
    below.merge(context);
    Keyfile file = below.saveTo(withApplication(base));
    file = withNewerGroups(file);
    file = withExtraData(file);
    for (Assignment assignment : metadata) {
      file = assignment.addTo(file);
    }
    for (String extension : removedExtensions) {
      file = file.without(Metadata.EXTENSION_PREFIX + extension);
    }
    for (Assignment assignment : extensions) {
      file = assignment.addTo(file);
    }
    if (extensionPriority != null) {
      file = file.with(Metadata.EXTENSION_OF, "priority", extensionPriority.toString());
    }
    return Metadata.of(file);
  }

  private Keyfile withApplication(Metadata base) {
    String group = base.group();
    Keyfile file = base.keyfile();
    Ref oldRuntime = base.runtime().orElse(null);
    if (sdk != null) {
      file = file.with(group, "sdk", pref("--sdk", sdk, base.sdk().orElse(oldRuntime)));
    }
    if (runtime != null) {
      file = file.with(group, "runtime", pref("--runtime", runtime, oldRuntime));
    }
    if (command != null && base.kind() == Ref.Kind.APP) {
      file = file.with(group, "command", command);
    }
    if (requiredVersion != null) {
      file = file.with(group, "required-flatpak", requiredVersion);
    }
    return file;
  }

  /// `[KIND/]ID[/[ARCH][/BRANCH]]`, with what is missing taken from OLD.
  private static String pref(String option, String partial, @Nullable Ref old) {
    String[] given = partial.replaceFirst("^(app|runtime)/", "").split("/", -1);
    String arch = given.length > 1 ? given[1] : "";
    String branch = given.length > 2 ? given[2] : "";
    try {
      return new Ref(
              Ref.Kind.RUNTIME,
              given[0],
              arch.isEmpty() && old != null ? old.arch() : arch,
              branch.isEmpty() ? (old == null ? Ref.DEFAULT_BRANCH : old.branch()) : branch)
          .pref();
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.SPEC,
          "finish-args: %s=%s: %s".formatted(option, partial, e.getMessage()),
          "Give it as ID/ARCH/BRANCH.",
          e);
    }
  }

  /// What Flatpak knows since 1.15.11 and keeps apart from the rest of the context.
  private Keyfile withNewerGroups(Keyfile base) {
    Keyfile file = base;
    for (String name : accessibilityNames) {
      file = file.with(ACCESSIBILITY_BUS, name, BusPolicy.OWN.toString());
    }
    file = withUsb(file, "enumerable-devices", usbDevices);
    return withUsb(file, "hidden-devices", hiddenUsbDevices);
  }

  private static Keyfile withUsb(Keyfile file, String key, SortedSet<String> queries) {
    SortedSet<String> all = new TreeSet<>(queries);
    all.addAll(file.list(USB_DEVICES, key));
    return queries.isEmpty() ? file : file.with(USB_DEVICES, key, List.copyOf(all));
  }

  private Keyfile withExtraData(Keyfile base) {
    Keyfile file = base;
    for (int i = 0; i < extraData.size(); i++) {
      List<String> values = extraData.get(i);
      String suffix = i == 0 ? "" : Integer.toString(i);
      List<String> keys = List.of("name", "checksum", "size", "installed-size", "uri");
      for (int key = 0; key < keys.size(); key++) {
        boolean optional = key == 0 || key == 3;
        if (!(optional && values.get(key).isEmpty())) {
          file = file.with(ExtraData.GROUP, keys.get(key) + suffix, values.get(key));
        }
      }
    }
    return file;
  }
}
