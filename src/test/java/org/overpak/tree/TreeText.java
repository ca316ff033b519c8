package org.overpak.tree;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Trees as lines of text, for tests:
///
///     d 0755 usr/bin
///     f 0644 etc/hosts 127.0.0.1 localhost
///     l lib -> usr/lib
///     h usr/bin/a = usr/bin/b
///
/// A file's content is the rest of its line. Times are 0 and owners root.
public final class TreeText {
  private TreeText() {}

  public static FileTree parse(String text) {
    Map<TreePath, Entry> entries = new HashMap<>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(line -> add(entries, line));
    return FileTree.of(entries);
  }

  private static void add(Map<TreePath, Entry> entries, String line) {
    String[] words = line.split(" ", 4);
    switch (words[0]) {
      case "d" -> entries.put(TreePath.parse(words[2]), new Entry.Directory(attributes(words[1])));
      case "f" ->
          entries.put(
              TreePath.parse(words[2]),
              new Entry.RegularFile(
                  attributes(words[1]), Content.of(words.length > 3 ? words[3] : "")));
      case "l" ->
          entries.put(
              TreePath.parse(words[1]), new Entry.Symlink(Attributes.of(0777, 0), words[3]));
      case "h" -> {
        TreePath target = TreePath.parse(words[3]);
        if (!(entries.get(target) instanceof Entry.RegularFile file)) {
          throw new IllegalArgumentException("hard link to no file: " + line);
        }
        LinkGroup group = file.links() == LinkGroup.NONE ? new LinkGroup() : file.links();
        var linked = new Entry.RegularFile(file.attributes(), file.content(), group);
        entries.put(target, linked);
        entries.put(TreePath.parse(words[1]), linked);
      }
      default -> throw new IllegalArgumentException("not a line of a tree: " + line);
    }
  }

  private static Attributes attributes(String mode) {
    return new Attributes(
        Integer.parseInt(mode, 8),
        Owner.ROOT,
        0,
        Collections.unmodifiableSortedMap(new TreeMap<>()));
  }

  /// The same form back, sorted by path; the group of a hard link shows as its first path.
  public static String show(FileTree tree) {
    var text = new StringBuilder();
    Map<LinkGroup, TreePath> first = new HashMap<>();
    tree.entries()
        .forEach(
            (path, entry) -> {
              String mode = "%04o ".formatted(entry.attributes().mode());
              text.append(
                  switch (entry) {
                    case Entry.Directory _ -> "d " + mode + path.value();
                    case Entry.Symlink link -> "l " + path.value() + " -> " + link.target();
                    case Entry.Special special -> special.kind().name() + " " + mode + path.value();
                    case Entry.RegularFile file -> {
                      TreePath earlier =
                          file.links() == LinkGroup.NONE
                              ? null
                              : first.putIfAbsent(file.links(), path);
                      yield earlier == null
                          ? "f " + mode + path.value() + " " + text(file)
                          : "h " + path.value() + " = " + earlier.value();
                    }
                  });
              text.append('\n');
            });
    return text.toString();
  }

  private static String text(Entry.RegularFile file) {
    try {
      return new String(file.content().readAll(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
