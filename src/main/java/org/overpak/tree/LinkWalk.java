package org.overpak.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// Follows symbolic links inside a tree, as the kernel does for a process whose root it is:
/// absolute targets start at the tree's root, and `..` at the root stays there.
final class LinkWalk {
  /// As many links as Linux follows for one path (MAXSYMLINKS).
  private static final int MOST_LINKS = 40;

  private final Map<TreePath, Entry> entries;
  private int links;

  LinkWalk(Map<TreePath, Entry> entries) {
    this.entries = entries;
  }

  TreePath resolve(TreePath path, boolean followLast) {
    Deque<String> todo = new ArrayDeque<>(components(path.value()));
    TreePath at = TreePath.ROOT;
    while (!todo.isEmpty()) {
      String component = todo.removeFirst();
      if (component.equals("..")) {
        at = at.parent();
        continue;
      }
      TreePath next = at.resolve(component);
      if (entries.get(next) instanceof Entry.Symlink link && (followLast || !todo.isEmpty())) {
        if (++links > MOST_LINKS) {
          throw new IllegalArgumentException(
              "symbolic links in a circle, or more than " + MOST_LINKS + ", on the way to " + path);
        }
        if (link.target().startsWith("/")) {
          at = TreePath.ROOT;
        }
        components(link.target()).reversed().forEach(todo::addFirst);
      } else {
        at = next;
      }
    }
    return at;
  }

  private static List<String> components(String path) {
    return List.of(path.split("/", -1)).stream()
        .filter(component -> !component.isEmpty() && !component.equals("."))
        .toList();
  }
}
