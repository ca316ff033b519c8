package org.overpak.rpm;

import java.util.HashMap;
import java.util.Map;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The users and groups that a root knows, by name: packages name owners, images number them.
///
/// @param users ids by name
/// @param groups ids by name
public record Accounts(Map<String, Integer> users, Map<String, Integer> groups) {
  /// Only root.
  public static final Accounts ROOT_ONLY = new Accounts(Map.of(), Map.of());

  private static final String ROOT = "root";

  public Accounts {
    users = Map.copyOf(users);
    groups = Map.copyOf(groups);
  }

  /// Reads the text of `passwd` and `group` (passwd(5), group(5)). Lines that are malformed are
  /// skipped, and the first of a name counts, as in glibc.
  public static Accounts parse(String passwd, String group) {
    return new Accounts(ids(passwd), ids(group));
  }

  /// The accounts of `etc/passwd` and `etc/group` in ROOT; missing files have none.
  ///
  /// @throws java.io.UncheckedIOException if these files cannot be read
  public static Accounts of(FileTree root) {
    return parse(text(root, "etc/passwd"), text(root, "etc/group"));
  }

  private static String text(FileTree root, String path) {
    return TreeFiles.text(root, new TreePath(path));
  }

  private static Map<String, Integer> ids(String text) {
    Map<String, Integer> result = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && !fields[0].isEmpty() && fields[2].matches("[0-9]{1,9}")) {
        result.putIfAbsent(fields[0], Integer.valueOf(fields[2]));
      }
    }
    return result;
  }

  /// Whether NAME has an id here; root always has.
  public boolean hasUser(String name) {
    return name.equals(ROOT) || users.containsKey(name);
  }

  public boolean hasGroup(String name) {
    return name.equals(ROOT) || groups.containsKey(name);
  }

  /// The id of NAME; root's where it is unknown, as rpm does. Root is 0 whatever the file says.
  public int uid(String name) {
    return name.equals(ROOT) ? 0 : users.getOrDefault(name, 0);
  }

  public int gid(String name) {
    return name.equals(ROOT) ? 0 : groups.getOrDefault(name, 0);
  }
}
