package org.overpak.flatpak;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Access to a part of the user's files: an element of `filesystems`.
///
/// @param location `home`, `host`, `xdg-download/x`, `~/x` or an absolute path, in Flatpak's normal
///   form; `host-reset` takes back all that lower layers allow
record FilesystemPermission(String location, Access access) {
  static final String HOST_RESET = "host-reset";

  private static final Set<String> SPECIAL =
      Set.of("home", "host", "host-etc", "host-os", "host-root", HOST_RESET);

  private static final Pattern XDG =
      Pattern.compile(
          "xdg-(run/.+|(desktop|documents|download|music|pictures|public-share|templates|videos"
              + "|data|cache|config)(/.*)?)");

  /// What may be done there. A location that is denied in a higher layer was allowed in a lower
  /// one.
  enum Access {
    DENIED(""),
    READ_ONLY(":ro"),
    READ_WRITE(""),
    CREATE(":create");

    private final String suffix;

    Access(String suffix) {
      this.suffix = suffix;
    }
  }

  /// Parses `LOCATION[:ro|:rw|:create]`, or what is denied: `LOCATION`, `host:reset`.
  ///
  /// @throws IllegalArgumentException if TEXT is anything else, saying why
  static FilesystemPermission parse(String text, boolean denied) {
    requireVisible(text);
    int end = endOfLocation(text);
    String location = unescape(text.substring(0, end));
    String suffix = text.substring(end);
    boolean reset = location.equals(HOST_RESET) || suffix.equals(":reset");
    if (reset && !(denied && Set.of(HOST_RESET, "host:reset").contains(text))) {
      throw new IllegalArgumentException("reset is only for --nofilesystem=host:reset");
    }
    return reset
        ? new FilesystemPermission(HOST_RESET, Access.DENIED)
        : new FilesystemPermission(normalize(location), access(suffix, denied));
  }

  private static Access access(String suffix, boolean denied) {
    Access access =
        switch (suffix) {
          case "", ":", ":rw" -> Access.READ_WRITE;
          case ":ro" -> Access.READ_ONLY;
          case ":create" -> Access.CREATE;
          default ->
              throw new IllegalArgumentException(
                  "'" + suffix + "' is none of the suffixes :ro, :rw and :create");
        };
    return denied ? Access.DENIED : access;
  }

  /// Where the first colon stands that is not escaped.
  private static int endOfLocation(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) != ':') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at, text.length());
  }

  private static String unescape(String location) {
    return location.replaceAll("\\\\(.?)", "$1");
  }

  private static String normalize(String location) {
    int slash = location.indexOf('/');
    String normal = slash < 0 ? location : location.substring(0, slash) + path(location, slash);
    if (normal.equals("/")) {
      throw new IllegalArgumentException("/ is not available; host comes close to it");
    }
    if (normal.equals("~")) {
      return "home";
    }
    if (normal.startsWith("home/")) {
      return "~" + normal.substring("home".length());
    }
    if (SPECIAL.contains(normal)
        || normal.startsWith("~/")
        || normal.startsWith("/")
        || XDG.matcher(normal).matches()) {
      return normal;
    }
    throw new IllegalArgumentException(
        "unknown location; there are host, host-os, host-etc, host-root, home, xdg-*[/…], ~/dir and"
            + " /dir");
  }

  /// The path from the slash on, without empty and `.` components.
  private static String path(String location, int slash) {
    List<String> components =
        List.of(location.substring(slash).split("/+")).stream()
            .filter(component -> !component.isEmpty() && !component.equals("."))
            .toList();
    if (components.contains("..")) {
      throw new IllegalArgumentException("it contains '..'");
    }
    String path = String.join("/", components);
    return path.isEmpty() && slash > 0 ? "" : "/" + path;
  }

  /// Refuses what could hide from a person who reads the permissions.
  ///
  /// @throws IllegalArgumentException if TEXT holds a control, format or unassigned character, or a
  ///   blank that is no plain space
  static void requireVisible(String text) {
    Optional<Integer> hidden =
        text.codePoints()
            .filter(
                c ->
                    c != ' '
                        && switch (Character.getType(c)) {
                          case Character.CONTROL,
                              Character.FORMAT,
                              Character.UNASSIGNED,
                              Character.SURROGATE,
                              Character.SPACE_SEPARATOR ->
                              true;
                          default -> false;
                        })
            .boxed()
            .findFirst();
    if (hidden.isPresent()) {
      throw new IllegalArgumentException("it holds the character U+%04X".formatted(hidden.get()));
    }
  }

  /// As an element of `filesystems`.
  String text() {
    if (location.equals(HOST_RESET)) {
      return "!host:reset";
    }
    String escaped = location.replace("\\", "\\\\").replace(":", "\\:");
    return (access == Access.DENIED ? "!" : "") + escaped + access.suffix;
  }
}
