package org.overpak.rpm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The four files of a root that its accounts are in, with lines added as `systemd-sysusers` adds
/// them: behind what is there, but before the entries of NIS, which must be last.
final class AccountFiles {
  private static final TreePath DIRECTORY = new TreePath("etc");
  private static final int SECONDS_OF_A_DAY = 86_400;

  /// No password is this one.
  private static final String LOCKED = "!*";

  private final FileTree root;
  private final long time;

  AccountFiles(FileTree root, long time) {
    this.root = root;
    this.time = time;
  }

  /// @param users lines of `passwd`
  /// @param userNames those who get a line in `shadow`
  /// @param groups names of new groups by their ids
  /// @param members users who must be in a group, new or not, by its name
  FileTree with(
      Collection<String> users,
      Collection<String> userNames,
      Map<Long, String> groups,
      Map<String, Set<String>> members) {
    long day = time / SECONDS_OF_A_DAY;
    FileTree result = root;
    result = write(result, "passwd", 0644, Function.identity(), users);
    result =
        write(
            result,
            "shadow",
            0,
            Function.identity(),
            userNames.stream().map(name -> name + ":" + LOCKED + ":" + day + "::::::").toList());
    List<String> groupLines = new ArrayList<>();
    List<String> groupShadows = new ArrayList<>();
    groups.forEach(
        (id, name) -> {
          groupLines.add(withMembers(name + ":x:" + id + ":", members));
          groupShadows.add(withMembers(name + ":" + LOCKED + "::", members));
        });
    Function<String, String> joined = line -> withMembers(line, members);
    result = write(result, "group", 0644, joined, groupLines);
    return write(result, "gshadow", 0, joined, groupShadows);
  }

  /// LINE of `group` or `gshadow`, whose fourth field are the members, sorted if there are new
  /// ones.
  private static String withMembers(String line, Map<String, Set<String>> members) {
    String[] fields = line.split(":", -1);
    Set<String> wanted = members.getOrDefault(fields[0], Set.of());
    if (fields.length != 4) {
      return line;
    }
    List<String> present = fields[3].isEmpty() ? List.of() : List.of(fields[3].split(",", -1));
    if (present.containsAll(wanted)) {
      return line;
    }
    var all = new TreeSet<>(present);
    all.addAll(wanted);
    fields[3] = String.join(",", all);
    return String.join(":", fields);
  }

  /// A group may come without the field of its members, but is not written so.
  private static String withAllFields(String line) {
    return line.matches("[^:]+:[^:]*:[0-9]+") ? line + ":" : line;
  }

  private FileTree write(
      FileTree tree,
      String name,
      int mode,
      Function<String, String> change,
      Collection<String> more) {
    TreePath path = tree.resolve(DIRECTORY.resolve(name));
    String before = TreeFiles.text(tree, path);
    List<String> present = before.lines().map(AccountFiles::withAllFields).toList();
    List<String> lines = new ArrayList<>(present.stream().map(change).toList());
    if (more.isEmpty() && lines.equals(present)) {
      return tree;
    }
    int end = 0;
    while (end < lines.size()
        && !lines.get(end).startsWith("+")
        && !lines.get(end).startsWith("-")) {
      end++;
    }
    lines.addAll(end, more);
    String after = String.join("\n", lines) + "\n";
    Attributes attributes =
        tree.get(path)
            .map(entry -> entry.attributes().withModified(time))
            .orElse(Attributes.of(mode, time));
    return tree.with(path, new Entry.RegularFile(attributes, Content.of(after)));
  }
}
