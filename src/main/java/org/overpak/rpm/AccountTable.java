package org.overpak.rpm;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Who is in a `passwd` or `group`: names and their ids, both ways. The first line of a name or an
/// id counts; lines that are malformed do not.
final class AccountTable {
  private final Map<String, Long> ids = new HashMap<>();
  private final Map<Long, String> names = new HashMap<>();

  private AccountTable() {}

  static AccountTable of(FileTree root, String path) {
    var result = new AccountTable();
    for (String line : TreeFiles.text(root, new TreePath(path)).split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && fields[2].isEmpty() && line.matches("[+-].*")) {
        // As the C library reads an entry of NIS.
        fields[2] = "0";
      }
      if (fields.length > 2 && !fields[0].isEmpty() && fields[2].matches("[0-9]{1,10}")) {
        long id = Long.parseLong(fields[2]);
        result.ids.putIfAbsent(fields[0], id);
        result.names.putIfAbsent(id, fields[0]);
      }
    }
    return result;
  }

  Optional<Long> id(String name) {
    return Optional.ofNullable(ids.get(name));
  }

  @Nullable String name(long id) {
    return names.get(id);
  }
}
