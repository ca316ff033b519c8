package org.overpak.rpm;

import java.io.InputStream;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;

/// The files of a header as a tree.
final class HeaderTree {
  private static final int SETUID = 04000;
  private static final int SETGID = 02000;

  private final List<FileInfo> files;
  private final Origin origin;
  private final Accounts accounts;

  HeaderTree(PackageHeader header, Accounts accounts) {
    this.files = header.files();
    this.origin = header.header().origin();
    this.accounts = accounts;
  }

  FileTree withoutContent() {
    return with(number -> new Content.Slice(HeaderTree::unread, 0, files.get(number).size()));
  }

  private static InputStream unread() {
    throw new IllegalStateException("this tree was read from a header, without its payload");
  }

  /// The tree, with CONTENTS of each regular file by its number.
  FileTree with(IntFunction<Content> contents) {
    Map<TreePath, Entry> entries = HashMap.newHashMap(files.size());
    Map<Integer, LinkGroup> groups = linkGroups();
    for (int number = 0; number < files.size(); number++) {
      FileInfo file = files.get(number);
      if (file.isGhost()) {
        continue;
      }
      Entry entry =
          file.isRegular()
              ? new Entry.RegularFile(
                  attributes(file),
                  contents.apply(number),
                  groups.getOrDefault(number, LinkGroup.NONE))
              : entry(file);
      if (entries.put(file.path(), entry) != null) {
        throw origin.unfit("two files have the path %s", file.path());
      }
    }
    try {
      return FileTree.of(entries);
    } catch (IllegalArgumentException e) {
      throw origin.unfit("%s", e.getMessage());
    }
  }

  private Entry entry(FileInfo file) {
    Attributes attributes = attributes(file);
    int major = file.device() >>> 8;
    int minor = file.device() & 0xff;
    return switch (file.type()) {
      case 0040000 -> new Entry.Directory(attributes);
      case 0120000 -> symlink(file, attributes);
      case 0020000 ->
          new Entry.Special(attributes, Entry.Special.Kind.CHARACTER_DEVICE, major, minor);
      case 0060000 -> new Entry.Special(attributes, Entry.Special.Kind.BLOCK_DEVICE, major, minor);
      case 0010000 -> new Entry.Special(attributes, Entry.Special.Kind.FIFO, 0, 0);
      case 0140000 -> new Entry.Special(attributes, Entry.Special.Kind.SOCKET, 0, 0);
      default -> throw origin.unfit("%s has the impossible mode 0%o", file.path(), file.mode());
    };
  }

  private Entry symlink(FileInfo file, Attributes attributes) {
    if (file.linkTarget().isEmpty()) {
      throw origin.unfit("the symbolic link %s has no target", file.path());
    }
    return new Entry.Symlink(attributes, file.linkTarget());
  }

  /// An unknown user or group is root, without the bit that would lend root's rights (rpmfi.cc,
  /// `rpmfiStat`).
  private Attributes attributes(FileInfo file) {
    int mode = file.mode() & 07777;
    if (!accounts.hasUser(file.user())) {
      mode &= ~SETUID;
    }
    if (!accounts.hasGroup(file.group())) {
      mode &= ~SETGID;
    }
    var owner = new Owner(accounts.uid(file.user()), accounts.gid(file.group()));
    return new Attributes(mode, owner, file.modified(), xattrs(file));
  }

  private SortedMap<String, ExtendedAttribute> xattrs(FileInfo file) {
    if (file.capabilities().isEmpty() || !file.isRegular()) {
      return Collections.emptySortedMap();
    }
    try {
      return new TreeMap<>(
          Map.of(FileCapabilities.ATTRIBUTE, FileCapabilities.attribute(file.capabilities())));
    } catch (IllegalArgumentException e) {
      throw origin.unfit("%s: %s", file.path(), e.getMessage());
    }
  }

  private Map<Integer, LinkGroup> linkGroups() {
    Map<Integer, LinkGroup> result = new HashMap<>();
    for (List<Integer> members : HardLinks.of(files)) {
      var group = new LinkGroup();
      FileInfo first = files.get(members.getFirst());
      for (int member : members) {
        if (!HardLinks.isSameFile(first, files.get(member))) {
          throw origin.unfit(
              "%s and %s are hard links to one file, but differ",
              first.path(), files.get(member).path());
        }
        result.put(member, group);
      }
    }
    return result;
  }
}
