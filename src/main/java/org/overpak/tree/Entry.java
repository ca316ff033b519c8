package org.overpak.tree;

/// What stands at a path of a tree.
public sealed interface Entry {
  Attributes attributes();

  /// The same entry with other attributes.
  Entry with(Attributes attributes);

  /// A directory; what it holds are the entries below its path.
  record Directory(Attributes attributes) implements Entry {
    @Override
    public Directory with(Attributes other) {
      return new Directory(other);
    }
  }

  /// A regular file.
  ///
  /// @param links the group of its hard links, {@link LinkGroup#NONE} if it has one name only
  record RegularFile(Attributes attributes, Content content, LinkGroup links) implements Entry {
    public RegularFile(Attributes attributes, Content content) {
      this(attributes, content, LinkGroup.NONE);
    }

    @Override
    public RegularFile with(Attributes other) {
      return new RegularFile(other, content, links);
    }
  }

  /// A symbolic link; TARGET is stored text and is never followed outside the tree.
  record Symlink(Attributes attributes, String target) implements Entry {
    public Symlink {
      if (target.isEmpty() || target.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("not a link target: '" + target + "'");
      }
    }

    @Override
    public Symlink with(Attributes other) {
      return new Symlink(other, target);
    }
  }

  /// A device node, FIFO or socket; MAJOR and MINOR are 0 for the last two.
  record Special(Attributes attributes, Kind kind, int major, int minor) implements Entry {
    /// What a special file is.
    public enum Kind {
      CHARACTER_DEVICE,
      BLOCK_DEVICE,
      FIFO,
      SOCKET
    }

    @Override
    public Special with(Attributes other) {
      return new Special(other, kind, major, minor);
    }
  }
}
