package org.overpak.flatpak;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an app may do with a name on a D-Bus.
enum BusPolicy {
  NONE,
  SEE,
  TALK,
  OWN;

  private static final int LONGEST_NAME = 255;

  /// A well-known bus name ([D-Bus
  /// specification](https://dbus.freedesktop.org/doc/dbus-specification.html#message-protocol-names-bus)),
  /// or one and all below it.
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z_-][A-Za-z0-9_-]*(\\.[A-Za-z_-][A-Za-z0-9_-]*)+)(\\.\\*)?");

  static Optional<BusPolicy> parse(String text) {
    for (BusPolicy policy : values()) {
      if (policy.toString().equals(text)) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }

  /// @throws IllegalArgumentException if NAME is no bus name, which may end with `.*`
  static String requireName(String name) {
    var matcher = NAME.matcher(name);
    if (!matcher.matches() || matcher.group(1).length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "it is no bus name: two or more elements joined by dots, of letters, digits, _ and -,"
              + " none starting with a digit; .* may follow");
    }
    return name;
  }

  /// As in the metadata.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
