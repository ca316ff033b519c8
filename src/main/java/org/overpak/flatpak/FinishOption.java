package org.overpak.flatpak;

import java.util.Locale;
import java.util.Optional;

/// The options of `flatpak build-finish`; {@link ClientVersions} knows which are new ([manual
/// page](https://docs.flatpak.org/en/latest/flatpak-command-reference.html#flatpak-build-finish)).
enum FinishOption {
  COMMAND,
  REQUIRE_VERSION,
  NO_EXPORTS(false),
  EXTRA_DATA,
  EXTENSION,
  REMOVE_EXTENSION,
  EXTENSION_PRIORITY,
  SDK,
  RUNTIME,
  METADATA,
  NO_INHERIT_PERMISSIONS(false),
  SHARE,
  UNSHARE,
  SHARE_IF,
  SOCKET,
  NOSOCKET,
  SOCKET_IF,
  DEVICE,
  NODEVICE,
  DEVICE_IF,
  ALLOW,
  DISALLOW,
  ALLOW_IF,
  FILESYSTEM,
  NOFILESYSTEM,
  ENV,
  UNSET_ENV,
  OWN_NAME,
  TALK_NAME,
  NO_TALK_NAME,
  SYSTEM_OWN_NAME,
  SYSTEM_TALK_NAME,
  SYSTEM_NO_TALK_NAME,
  A11Y_OWN_NAME,
  ADD_POLICY,
  REMOVE_POLICY,
  USB,
  NOUSB,
  USB_LIST,
  USB_LIST_FILE,
  PERSIST,
  /// Has no effect any more.
  NO_DESKTOP(false);

  private final boolean takesValue;

  FinishOption() {
    this(true);
  }

  FinishOption(boolean takesValue) {
    this.takesValue = takesValue;
  }

  boolean takesValue() {
    return takesValue;
  }

  static Optional<FinishOption> named(String word) {
    for (FinishOption option : values()) {
      if (option.toString().equals(word)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  /// As on the command line.
  @Override
  public String toString() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
