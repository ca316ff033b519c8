package org.overpak.oci;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.overpak.Digest;
import org.overpak.testing.Judge;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.TreePath;

/// A tree as mtree(5) describes it, one line per path: type, mode, owner, size, SHA-256, target,
/// number of names. bsdtar says it of a directory, we of a tree.
final class Mtree {
  private static final List<String> ALL =
      List.of("type", "mode", "uid", "gid", "size", "sha256digest", "link", "nlink", "time");

  private Mtree() {}

  /// What bsdtar sees in DIRECTORY.
  static Map<String, String> ofDirectory(Path directory, String... ignored) {
    String output =
        Judge.of("bsdtar")
            .run(
                "-cf",
                "-",
                "--format=mtree",
                "--options=mtree:!all,mtree:type,mtree:mode,mtree:uid,mtree:gid,mtree:size,"
                    + "mtree:sha256,mtree:link,mtree:nlink,mtree:time",
                "-C",
                directory.toString(),
                ".")
            .text();
    Map<String, String> lines = new TreeMap<>();
    output
        .lines()
        .filter(line -> line.startsWith("."))
        .forEach(
            line -> {
              String[] words = line.split(" ");
              Map<String, String> values = new HashMap<>();
              for (String word : Arrays.asList(words).subList(1, words.length)) {
                int equals = word.indexOf('=');
                values.put(word.substring(0, equals), decode(word.substring(equals + 1)));
              }
              // To the second, as layers have it.
              values.computeIfPresent("time", (_, time) -> time.replaceFirst("\\..*", ""));
              // Not of interest, and not in a tree.
              if (!"file".equals(values.get("type"))) {
                values.remove("nlink");
                values.remove("size");
              }
              lines.put(decode(words[0]), format(decode(words[0]), values, ignored));
            });
    return lines;
  }

  static Map<String, String> ofTree(FileTree tree, String... ignored) {
    Map<LinkGroup, Integer> names = new HashMap<>();
    for (Entry entry : tree.entries().values()) {
      if (entry instanceof Entry.RegularFile file) {
        names.merge(file.links(), 1, Integer::sum);
      }
    }
    Map<String, String> lines = new TreeMap<>();
    tree.entries()
        .forEach(
            (path, entry) ->
                lines.put(name(path), format(name(path), values(entry, names), ignored)));
    return lines;
  }

  private static String name(TreePath path) {
    return path.isRoot() ? "." : "./" + path.value();
  }

  private static Map<String, String> values(Entry entry, Map<LinkGroup, Integer> names) {
    Map<String, String> values = new HashMap<>();
    var attributes = entry.attributes();
    values.put("mode", Integer.toOctalString(attributes.mode()));
    values.put("uid", String.valueOf(attributes.owner().uid()));
    values.put("gid", String.valueOf(attributes.owner().gid()));
    values.put("time", String.valueOf(attributes.modified()));
    switch (entry) {
      case Entry.Directory _ -> values.put("type", "dir");
      case Entry.Symlink link -> {
        values.put("type", "link");
        values.put("link", link.target());
      }
      case Entry.Special special ->
          values.put(
              "type",
              switch (special.kind()) {
                case CHARACTER_DEVICE -> "char";
                case BLOCK_DEVICE -> "block";
                case FIFO -> "fifo";
                case SOCKET -> "socket";
              });
      case Entry.RegularFile file -> {
        values.put("type", "file");
        values.put("size", String.valueOf(file.content().size()));
        values.put("sha256digest", sha256(file));
        int count = file.links() == LinkGroup.NONE ? 1 : names.getOrDefault(file.links(), 1);
        // bsdtar does not write 1.
        if (count > 1) {
          values.put("nlink", String.valueOf(count));
        }
      }
    }
    return values;
  }

  private static String sha256(Entry.RegularFile file) {
    try {
      return Digest.sha256(file.content().readAll()).hex();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String format(String path, Map<String, String> values, String... ignored) {
    List<String> words = new ArrayList<>();
    for (String key : ALL) {
      String value = values.get(key);
      // Whoever extracts makes the top directory, at a time of its own.
      boolean ofTop = path.equals(".") && key.equals("time");
      if (!ofTop && value != null && !List.of(ignored).contains(key)) {
        words.add(key + "=" + value);
      }
    }
    return String.join(" ", words);
  }

  /// Undoes `\ooo`.
  private static String decode(String text) {
    var bytes = new ByteArrayOutputStream();
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '\\' && i + 3 < raw.length) {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 4).toLowerCase(Locale.ROOT), 8));
        i += 3;
      } else {
        bytes.write(raw[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
