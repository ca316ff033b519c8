package org.overpak.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.overpak.Progress;
import org.overpak.oci.Compression;
import org.overpak.oci.LayerCompression;
import org.overpak.oci.LayerFormat;
import org.overpak.oci.LayerWriter;
import org.overpak.testing.Command;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.TreePath;

/// Installed roots as one line of text for each path, to be compared: all but the database, with
/// what only root can see of it.
final class RootListing {
  private RootListing() {}

  /// SYSTEM, unpacked by root from a tar into a new directory in DIRECTORY.
  static Path unpacked(InstalledSystem system, Path directory) throws IOException {
    Path root = Files.createDirectory(directory.resolve("ours"));
    var layer =
        new LayerWriter(new LayerFormat(LayerCompression.of(Compression.GZIP), Instant.EPOCH))
            .write(List.of(system.root()), directory, Progress.SILENT);
    Command.of("tar", "-xzp", "--same-owner", "--numeric-owner", "--xattrs", "--xattrs-include=*")
        .and("-f", layer.file().toString(), "-C", root.toString())
        .run();
    return root;
  }

  static Map<String, String> of(Path root) throws IOException {
    Map<String, String> result = of(FileTree.ofDirectory(root), _ -> true);
    Command.of("getcap", "-r", root.toString())
        .run()
        .lines()
        .forEach(line -> result.put(line.substring(root.toString().length()), "capable"));
    return result;
  }

  /// @param timed which files have a time that is worth a look
  static Map<String, String> of(FileTree tree, Predicate<TreePath> timed) throws IOException {
    Map<String, String> result = new TreeMap<>();
    for (var item : tree.entries().entrySet()) {
      Entry entry = item.getValue();
      TreePath path = item.getKey();
      if (!path.value().startsWith("usr/lib/sysimage") && !path.isRoot()) {
        String what =
            switch (entry) {
              case Entry.Directory _ -> "directory";
              case Entry.Symlink link -> link.target();
              case Entry.RegularFile file ->
                  new String(file.content().readAll(), UTF_8) + " of " + names(tree, file.links());
              case Entry.Special special ->
                  special.kind() + " " + special.major() + ":" + special.minor();
            };
        boolean hasTime = !(entry instanceof Entry.Directory) && timed.test(path);
        var attributes = entry.attributes();
        result.put(
            path.toString(),
            "%s %o %s %s"
                .formatted(
                    what,
                    entry instanceof Entry.Symlink ? 0 : attributes.mode(),
                    attributes.owner(),
                    hasTime ? attributes.modified() : ""));
      }
    }
    return result;
  }

  /// How many names a file has.
  private static long names(FileTree tree, LinkGroup links) {
    return links == LinkGroup.NONE
        ? 1
        : tree.entries().values().stream()
            .filter(entry -> entry instanceof Entry.RegularFile file && file.links() == links)
            .count();
  }
}
