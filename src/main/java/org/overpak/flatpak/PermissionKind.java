package org.overpak.flatpak;

import java.util.List;

/// One of the keys of `[Context]` that hold names which Flatpak knows, each allowed or, with a `!`
/// before it, denied.
///
/// The names stand in the order in which Flatpak writes them (`flatpak-context.c`); those that came
/// after 1.14 follow, in the order in which they came. A client that does not know a name ignores
/// it.
enum PermissionKind {
  SHARED("shared", "share", "network", "ipc"),
  SOCKETS(
      "sockets",
      "socket",
      "x11",
      "wayland",
      "pulseaudio",
      "session-bus",
      "system-bus",
      "fallback-x11",
      "ssh-auth",
      "pcsc",
      "cups",
      "gpg-agent",
      "inherit-wayland-socket"),
  DEVICES("devices", "device", "dri", "all", "kvm", "shm", "input", "usb"),
  FEATURES("features", "feature", "devel", "multiarch", "bluetooth", "canbus", "per-app-dev-shm");

  private final String key;
  private final String singular;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> names;

  PermissionKind(String key, String singular, String... names) {
    this.key = key;
    this.singular = singular;
    this.names = List.of(names);
  }

  /// The key of `[Context]`.
  String key() {
    return key;
  }

  /// What one of the names is, in messages.
  String singular() {
    return singular;
  }

  List<String> names() {
    return names;
  }
}
