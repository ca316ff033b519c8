package org.overpak.flatpak;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.overpak.ExitCode;
import org.overpak.NearestName;
import org.overpak.OverpakException;

/// Words to {@link FinishArgs}: `--option=value`, or `--option value` in two words.
final class FinishArgsReader {
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+");

  /// `flatpak-context.c:flatpak_context_conditions`.
  private static final List<String> CONDITIONS =
      List.of(
          "true", "false", "has-input-device", "has-usb-device", "has-wayland", "has-usb-portal");

  private final FinishArgs args = new FinishArgs();

  private FinishArgsReader() {}

  static FinishArgs read(List<String> words) {
    var reader = new FinishArgsReader();
    Deque<String> left = new ArrayDeque<>(words);
    while (!left.isEmpty()) {
      reader.next(left);
    }
    return reader.args;
  }

  /// WORDS with each file that they name in the place of its name.
  ///
  /// @param files gives the content of the file that is called so
  static List<String> withFiles(List<String> words, UnaryOperator<String> files) {
    String file = FinishOption.USB_LIST_FILE.toString();
    String list = FinishOption.USB_LIST + "=";
    List<String> result = new ArrayList<>();
    for (Iterator<String> left = words.iterator(); left.hasNext(); ) {
      String word = left.next();
      boolean takesNext =
          FinishOption.named(word).map(FinishOption::takesValue).orElse(false) && left.hasNext();
      if (word.startsWith(file + "=")) {
        result.add(list + files.apply(word.substring(file.length() + 1)));
      } else if (takesNext && word.equals(file)) {
        result.add(list + files.apply(left.next()));
      } else {
        result.add(word);
        if (takesNext) {
          result.add(left.next());
        }
      }
    }
    return result;
  }

  private void next(Deque<String> left) {
    String word = left.removeFirst();
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    FinishOption option = FinishOption.named(name).orElseThrow(() -> unknown(word, name));
    if (!option.takesValue()) {
      if (equals >= 0) {
        throw wrong(word, option + " takes no value");
      }
      accept(option, "");
      return;
    }
    if (equals < 0 && left.isEmpty()) {
      throw wrong(word, "the value is missing");
    }
    String value = equals < 0 ? left.removeFirst() : word.substring(equals + 1);
    try {
      accept(option, value);
      args.clients.add(option, value);
    } catch (IllegalArgumentException e) {
      throw wrong(option + "=" + value, String.valueOf(e.getMessage()));
    }
  }

  private static OverpakException unknown(String word, String name) {
    if (!name.startsWith("--")) {
      return wrong(word, "an option was expected");
    }
    List<String> names = Arrays.stream(FinishOption.values()).map(FinishOption::toString).toList();
    return wrong(
        word,
        "unknown option"
            + NearestName.to(name, names).map(near -> "; did you mean " + near + "?").orElse(""));
  }

  private static OverpakException wrong(String word, String why) {
    return new OverpakException(
        ExitCode.SPEC,
        "finish-args: " + word + ": " + why,
        "Give options as `flatpak build-finish` takes them.");
  }

  private void accept(FinishOption option, String value) {
    Context context = args.context;
    switch (option) {
      case COMMAND -> args.command = value;
      case REQUIRE_VERSION -> args.requiredVersion = versions(value);
      case NO_EXPORTS -> args.exports = false;
      case EXTRA_DATA -> args.extraData.add(split(value, ":", 5, "NAME:SHA256:SIZE:INSTALLED:URI"));
      case EXTENSION -> args.extensions.add(extension(value));
      case REMOVE_EXTENSION -> args.removedExtensions.add(value);
      case EXTENSION_PRIORITY -> args.extensionPriority = number(value);
      case SDK -> args.sdk = value;
      case RUNTIME -> args.runtime = value;
      case METADATA -> args.metadata.add(assignment(value, "GROUP=KEY[=VALUE]"));
      case NO_INHERIT_PERMISSIONS -> args.inheritsPermissions = false;
      case SHARE -> permit(PermissionKind.SHARED, value, true);
      case UNSHARE -> permit(PermissionKind.SHARED, value, false);
      case SHARE_IF -> permitIf(PermissionKind.SHARED, value);
      case SOCKET_IF -> permitIf(PermissionKind.SOCKETS, value);
      case DEVICE_IF -> permitIf(PermissionKind.DEVICES, value);
      case ALLOW_IF -> permitIf(PermissionKind.FEATURES, value);
      case SOCKET -> permitSocket(value, true);
      case NOSOCKET -> permitSocket(value, false);
      case DEVICE -> permit(PermissionKind.DEVICES, value, true);
      case NODEVICE -> permit(PermissionKind.DEVICES, value, false);
      case ALLOW -> permit(PermissionKind.FEATURES, value, true);
      case DISALLOW -> permit(PermissionKind.FEATURES, value, false);
      case FILESYSTEM -> context.permit(FilesystemPermission.parse(value, false));
      case NOFILESYSTEM -> context.permit(FilesystemPermission.parse(value, true));
      case ENV -> setVariable(value);
      case UNSET_ENV -> context.unset(variable(value));
      case OWN_NAME -> context.permitOnSessionBus(BusPolicy.requireName(value), BusPolicy.OWN);
      case TALK_NAME -> context.permitOnSessionBus(BusPolicy.requireName(value), BusPolicy.TALK);
      case NO_TALK_NAME -> context.permitOnSessionBus(BusPolicy.requireName(value), BusPolicy.NONE);
      case SYSTEM_OWN_NAME ->
          context.permitOnSystemBus(BusPolicy.requireName(value), BusPolicy.OWN);
      case SYSTEM_TALK_NAME ->
          context.permitOnSystemBus(BusPolicy.requireName(value), BusPolicy.TALK);
      case SYSTEM_NO_TALK_NAME ->
          context.permitOnSystemBus(BusPolicy.requireName(value), BusPolicy.NONE);
      case A11Y_OWN_NAME -> args.accessibilityNames.add(BusPolicy.requireName(value));
      case ADD_POLICY -> addPolicy(value, "");
      case REMOVE_POLICY -> addPolicy(value, "!");
      case USB -> args.usbDevices.add(UsbQuery.parse(value));
      case NOUSB -> args.hiddenUsbDevices.add(UsbQuery.parse(value));
      case USB_LIST -> UsbQuery.readList(value, args.usbDevices::add, args.hiddenUsbDevices::add);
      case USB_LIST_FILE ->
          throw new IllegalArgumentException("a file is read where a spec names it, nowhere else");
      case PERSIST -> {
        FilesystemPermission.requireVisible(value);
        context.persist(value);
      }
      case NO_DESKTOP -> {}
    }
  }

  private void permit(PermissionKind kind, String name, boolean allowed) {
    requireKnown(kind, name);
    args.context.permit(kind, name, allowed);
  }

  private static void requireKnown(PermissionKind kind, String name) {
    if (!kind.names().contains(name)) {
      throw new IllegalArgumentException(
          "unknown %s; there are %s".formatted(kind.singular(), String.join(", ", kind.names())));
    }
  }

  /// Flatpak takes any condition, and one that it does not know for one that is never true.
  private void permitIf(PermissionKind kind, String value) {
    int colon = value.indexOf(':');
    String condition = value.substring(colon + 1);
    if (colon < 0 || !CONDITIONS.contains(condition.replaceFirst("^!", ""))) {
      throw new IllegalArgumentException(
          "NAME:CONDITION was expected, where CONDITION is, or with a '!' before it is not, one of "
              + String.join(", ", CONDITIONS));
    }
    requireKnown(kind, value.substring(0, colon));
    args.context.permitIf(kind, value.substring(0, colon), condition);
  }

  /// X11 as a fallback is X11 too, for a Flatpak that does not know the word.
  private void permitSocket(String name, boolean allowed) {
    permit(PermissionKind.SOCKETS, name, allowed);
    if (name.equals("fallback-x11")) {
      permit(PermissionKind.SOCKETS, "x11", allowed);
    }
  }

  private void setVariable(String value) {
    int equals = value.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("VARIABLE=VALUE was expected");
    }
    args.context.set(variable(value.substring(0, equals)), value.substring(equals + 1));
  }

  private static String variable(String name) {
    if (!KeyfileParser.isKeyName(name)) {
      throw new IllegalArgumentException("'" + name + "' cannot be the name of a variable");
    }
    return name;
  }

  private void addPolicy(String value, String prefix) {
    int equals = value.indexOf('=');
    int dot = value.indexOf('.');
    boolean wellFormed =
        dot >= 0
            && dot < equals
            && !value.startsWith("!", equals + 1)
            && KeyfileParser.isGroupName("Policy " + value.substring(0, dot))
            && KeyfileParser.isKeyName(value.substring(dot + 1, equals));
    if (!wellFormed) {
      throw new IllegalArgumentException(
          "SUBSYSTEM.KEY=VALUE was expected, VALUE not starting with !");
    }
    args.context.addPolicy(value.substring(0, equals), prefix + value.substring(equals + 1));
  }

  private static List<String> split(String value, String separator, int parts, String form) {
    List<String> elements = List.of(value.split(separator, parts));
    if (elements.size() < parts) {
      throw new IllegalArgumentException(form + " was expected");
    }
    return elements;
  }

  /// `A=B`, which means `A=B=true`, or `A=B=C`.
  private static FinishArgs.Assignment assignment(String value, String form) {
    String[] elements = value.split("=", 3);
    if (elements.length < 2
        || !KeyfileParser.isGroupName(elements[0])
        || !KeyfileParser.isKeyName(elements[1])) {
      throw new IllegalArgumentException(form + " was expected");
    }
    return new FinishArgs.Assignment(
        elements[0], elements[1], elements.length < 3 ? "true" : elements[2]);
  }

  private static FinishArgs.Assignment extension(String value) {
    FinishArgs.Assignment assignment = assignment(value, "NAME=VARIABLE[=VALUE]");
    if (!Ref.isId(assignment.group())) {
      throw new IllegalArgumentException("'" + assignment.group() + "' is no ID of an extension");
    }
    return new FinishArgs.Assignment(
        Metadata.EXTENSION_PREFIX + assignment.group(), assignment.key(), assignment.value());
  }

  private static String versions(String value) {
    List<String> versions = List.of(value.split(";"));
    if (versions.isEmpty() || !versions.stream().allMatch(v -> VERSION.matcher(v).matches())) {
      throw new IllegalArgumentException("MAJOR.MINOR.MICRO was expected");
    }
    return value;
  }

  private static Integer number(String value) {
    try {
      return Integer.valueOf(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number was expected", e);
    }
  }
}
