package org.overpak.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.overpak.Digest;
import org.overpak.flatpak.CommitTree;
import org.overpak.testing.DnfRoot;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;

/// Trees as one line of text for each path, to be compared.
final class TreeListing {
  private TreeListing() {}

  /// Type, mode, and content or target of each entry but the root.
  static Map<String, String> of(FileTree tree) {
    Map<String, String> result = new TreeMap<>();
    try (var contents = new ContentReader()) {
      for (var item : tree.entries().entrySet()) {
        if (!item.getKey().isRoot()) {
          result.put(item.getKey().toString(), line(item.getValue(), contents));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  /// The same of `/app` in ROOT, as it would be in a commit.
  static Map<String, String> ofApp(DnfRoot root) throws IOException {
    return of(CommitTree.canonical(FileTree.ofDirectory(root.path().resolve("app")), 0));
  }

  private static String line(Entry entry, ContentReader contents) throws IOException {
    String mode = "%04o".formatted(entry.attributes().mode());
    return switch (entry) {
      case Entry.Directory _ -> "directory " + mode;
      case Entry.Symlink link -> "link to " + link.target();
      case Entry.Special special -> special.kind() + " " + mode;
      case Entry.RegularFile file ->
          "file " + mode + " " + Digest.sha256(contents.open(file.content()).readAllBytes());
    };
  }
}
