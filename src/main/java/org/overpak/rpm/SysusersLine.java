package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One line of a [sysusers.d](https://www.freedesktop.org/software/systemd/man/sysusers.d.html)
/// file: `TYPE NAME ID GECOS HOME SHELL`, of which all but the first two may be missing or `-`.
sealed interface SysusersLine {
  /// A user, and a group of that name unless a group is given.
  ///
  /// @param uid wanted, -1 if any will do
  /// @param gid wanted, -1 if none is given
  /// @param group by its name, empty if none is given
  /// @param idPath of a file whose owner is wanted, empty if none is given
  record User(
      String name,
      long uid,
      long gid,
      String group,
      String idPath,
      String gecos,
      String home,
      String shell)
      implements SysusersLine {
    /// Without any wish.
    static User named(String name) {
      return new User(name, ANY, ANY, "", "", "", "", "");
    }
  }

  /// A group, as {@link User}.
  record Group(String name, long gid, String idPath) implements SysusersLine {}

  /// A user who is in a group, both of which are made if they are missing.
  record Member(String user, String group) implements SysusersLine {}

  /// Ids that may be given to those that want none.
  record Range(long first, long last) implements SysusersLine {}

  long ANY = -1;

  /// Two ids mean "none" to the kernel.
  List<Long> NO_IDS = List.of(0xffffL, 0xffffffffL);

  int MOST_FIELDS = 6;
  Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,30}");

  /// @return null for a comment or an empty line
  /// @throws IllegalArgumentException if TEXT is not such a line
  static @Nullable SysusersLine parse(String text) {
    String line = text.strip();
    if (line.isEmpty() || line.startsWith("#")) {
      return null;
    }
    List<String> fields = fields(line);
    if (fields.size() < 2 || fields.size() > MOST_FIELDS) {
      throw new IllegalArgumentException("it has " + fields.size() + " fields");
    }
    String type = fields.getFirst();
    String name = field(fields, 1);
    String id = field(fields, 2);
    String gecos = field(fields, 3);
    String home = path(field(fields, 4));
    String shell = path(field(fields, 5));
    if (!type.startsWith("u") && !(gecos + home + shell).isEmpty()) {
      throw new IllegalArgumentException("type '" + type + "' takes three fields");
    }
    return switch (type) {
      // systemd 257 and newer lock such accounts; all are locked here.
      case "u", "u!" -> user(name(name), id, gecos(gecos), home, shell);
      case "g" ->
          id.startsWith("/")
              ? new Group(name(name), ANY, id)
              : new Group(name(name), id.isEmpty() ? ANY : id(id), "");
      case "m" -> new Member(name(name), name(id));
      case "r" -> range(name, id);
      default -> throw new IllegalArgumentException("unknown type '" + type + "'");
    };
  }

  private static User user(String name, String id, String gecos, String home, String shell) {
    if (id.startsWith("/")) {
      return new User(name, ANY, ANY, "", id, gecos, home, shell);
    }
    int colon = id.indexOf(':');
    String uid = colon < 0 ? id : id.substring(0, colon);
    String group = colon < 0 ? "" : id.substring(colon + 1);
    boolean byNumber = !group.isEmpty() && group.chars().allMatch(c -> c >= '0' && c <= '9');
    return new User(
        name,
        uid.isEmpty() || uid.equals("-") ? ANY : id(uid),
        byNumber ? id(group) : ANY,
        colon < 0 || byNumber ? "" : name(group),
        "",
        gecos,
        home,
        shell);
  }

  private static Range range(String name, String id) {
    int dash = id.indexOf('-');
    if (!name.isEmpty() || id.isEmpty()) {
      throw new IllegalArgumentException("a range is 'r - FIRST-LAST'");
    }
    var result =
        dash < 0
            ? new Range(id(id), id(id))
            : new Range(id(id.substring(0, dash)), id(id.substring(dash + 1)));
    if (result.first() > result.last()) {
      throw new IllegalArgumentException("a range that ends before it begins: '" + id + "'");
    }
    return result;
  }

  private static long id(String text) {
    if (!text.matches("[0-9]{1,10}")
        || Long.parseLong(text) > 0xffffffffL
        || NO_IDS.contains(Long.parseLong(text))) {
      throw new IllegalArgumentException("not an id: '" + text + "'");
    }
    return Long.parseLong(text);
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("not the name of a user or group: '" + text + "'");
    }
    return text;
  }

  /// What would be two fields, or two lines, of passwd is none of its fields.
  private static String gecos(String text) {
    if (text.indexOf(':') >= 0 || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("not a GECOS field: '" + text + "'");
    }
    return text;
  }

  private static String path(String text) {
    if (text.isEmpty()) {
      return "";
    }
    String plain = gecos(text).replaceAll("/+(\\./+)*", "/").replaceFirst("(?<=.)/\\.?$", "");
    if (!plain.startsWith("/") || plain.matches(".*/\\.\\.?(/.*)?")) {
      throw new IllegalArgumentException("not an absolute path: '" + text + "'");
    }
    return plain;
  }

  private static String field(List<String> fields, int number) {
    String text = number < fields.size() ? fields.get(number) : "-";
    if (text.equals("-")) {
      return "";
    }
    String plain = text.replace("%%", "");
    if (plain.indexOf('%') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is different on every machine, so it cannot be in an image");
    }
    return text.replace("%%", "%");
  }

  /// Words, of which quoted parts may hold blanks.
  private static List<String> fields(String line) {
    List<String> result = new ArrayList<>();
    var word = new StringBuilder();
    char quote = 0;
    boolean inWord = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        if (++i == line.length()) {
          throw new IllegalArgumentException("nothing follows '\\'");
        }
        word.append(line.charAt(i));
        inWord = true;
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (c == ' ' || c == '\t') {
        if (inWord) {
          result.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("a quotation does not end");
    }
    if (inWord) {
      result.add(word.toString());
    }
    return result;
  }
}
