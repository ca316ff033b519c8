package org.overpak.build;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.oci.Layer;
import org.overpak.tree.Content;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What differs between two states of one system: type, mode, content and target of its files.
/// Owners and times are left aside, as an image for Flatpak has neither, and directories, which
/// come and go with what they hold.
///
/// @param added files that only the later state has
/// @param changed files that both have, differently
/// @param removed files that only the earlier state has
record RootChanges(
    SortedSet<TreePath> added, SortedSet<TreePath> changed, SortedSet<TreePath> removed) {

  /// Of what WANTED accepts. Content that is in the same place of the same layer is not read.
  static RootChanges between(FileTree before, FileTree after, Predicate<TreePath> wanted) {
    SortedSet<TreePath> added = new TreeSet<>();
    SortedSet<TreePath> changed = new TreeSet<>();
    SortedSet<TreePath> removed = new TreeSet<>();
    Map<TreePath, Content> old = new HashMap<>();
    Map<TreePath, Content> current = new HashMap<>();
    Set<TreePath> paths = new HashSet<>(before.entries().keySet());
    paths.addAll(after.entries().keySet());
    for (TreePath path : paths) {
      if (!wanted.test(path)) {
        continue;
      }
      Optional<Entry> was = file(before, path);
      Optional<Entry> is = file(after, path);
      if (was.isEmpty() || is.isEmpty()) {
        is.ifPresent(_ -> added.add(path));
        was.ifPresent(_ -> removed.add(path));
      } else if (!isAlike(was.get(), is.get())) {
        changed.add(path);
      } else if (was.get() instanceof Entry.RegularFile one
          && is.get() instanceof Entry.RegularFile other
          && !isSamePlace(one.content(), other.content())) {
        old.put(path, one.content());
        current.put(path, other.content());
      }
    }
    Map<Content, Digest> oldDigests = digests(old.values());
    Map<Content, Digest> digests = digests(current.values());
    old.forEach(
        (path, content) -> {
          if (!Objects.equals(oldDigests.get(content), digests.get(current.get(path)))) {
            changed.add(path);
          }
        });
    return new RootChanges(added, changed, removed);
  }

  private static Optional<Entry> file(FileTree tree, TreePath path) {
    return tree.get(path).filter(entry -> !(entry instanceof Entry.Directory));
  }

  /// All but the bytes of files of one size.
  private static boolean isAlike(Entry a, Entry b) {
    return switch (a) {
      case Entry.Directory _ -> b instanceof Entry.Directory;
      case Entry.Symlink link ->
          b instanceof Entry.Symlink other && link.target().equals(other.target());
      case Entry.RegularFile file ->
          b instanceof Entry.RegularFile other
              && file.attributes().mode() == other.attributes().mode()
              && file.content().size() == other.content().size();
      case Entry.Special special ->
          b instanceof Entry.Special other
              && special.kind() == other.kind()
              && special.major() == other.major()
              && special.minor() == other.minor();
    };
  }

  private static boolean isSamePlace(Content a, Content b) {
    return a instanceof Content.Slice(Layer one, long offset, long size)
        && b instanceof Content.Slice(Layer other, long otherOffset, long otherSize)
        && one.diffId().equals(other.diffId())
        && offset == otherOffset
        && size == otherSize;
  }

  /// Digests of many contents, each layer read once; files that are hard links to one another have
  /// the same content.
  private static Map<Content, Digest> digests(Collection<Content> contents) {
    Map<Content, Digest> result = new HashMap<>();
    try (var reader = new ContentReader()) {
      for (Content content : ContentReader.inOrder(new HashSet<>(contents), Function.identity())) {
        result.put(content, digest(reader.open(content)));
      }
      return result;
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "a file of the system cannot be read: " + e.getMessage(),
          "Check that nothing changes it meanwhile, and its permissions.",
          e);
    }
  }

  private static Digest digest(InputStream stream) throws IOException {
    MessageDigest digest = Digest.Algorithm.SHA256.start();
    byte[] buffer = new byte[1 << 16];
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      digest.update(buffer, 0, count);
    }
    return Digest.finish(Digest.Algorithm.SHA256, digest);
  }
}
