package org.overpak.tree;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Reads a directory into a tree. Nothing outside the directory is looked at: links are not
/// followed.
final class DirectoryReader {
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int SYMLINK = 0120000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int FIFO = 0010000;

  private final Path root;
  private final Map<TreePath, Entry> entries = new HashMap<>();
  private final Map<Inode, LinkGroup> groups = new HashMap<>();

  private record Inode(long device, long number) {}

  private DirectoryReader(Path root) {
    this.root = root;
  }

  static FileTree read(Path root, Predicate<TreePath> skipped) {
    var reader = new DirectoryReader(root);
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                throws IOException {
              if (skipped.test(reader.path(directory))) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              reader.add(directory);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (!skipped.test(reader.path(file))) {
                reader.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return FileTree.of(reader.entries);
  }

  /// What lstat says of a file.
  private record Status(
      int mode, int uid, int gid, int links, Inode inode, long device, long size, long modified) {

    /// Not "unix:*": that would look the names of owners up.
    private static final String ATTRIBUTES =
        "unix:mode,uid,gid,nlink,dev,ino,rdev,size,lastModifiedTime";

    static Status of(Path file) throws IOException {
      Map<String, Object> unix = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      return new Status(
          integer(unix, "mode"),
          integer(unix, "uid"),
          integer(unix, "gid"),
          integer(unix, "nlink"),
          new Inode(number(unix, "dev"), number(unix, "ino")),
          number(unix, "rdev"),
          number(unix, "size"),
          ((FileTime) requireNonNull(unix.get("lastModifiedTime"))).toInstant().getEpochSecond());
    }

    private static int integer(Map<String, Object> unix, String name) {
      return (int) number(unix, name);
    }

    private static long number(Map<String, Object> unix, String name) {
      return ((Number) requireNonNull(unix.get(name))).longValue();
    }

    int type() {
      return mode & TYPE;
    }
  }

  private TreePath path(Path file) {
    return TreePath.parse(root.relativize(file).toString());
  }

  private void add(Path file) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new OverpakException(ExitCode.INTERRUPTED, "reading " + root + ": interrupted", "");
    }
    Status status = Status.of(file);
    boolean hasXattrs = status.type() == REGULAR || status.type() == DIRECTORY;
    var attributes =
        new Attributes(
            status.mode() & 07777,
            new Owner(status.uid(), status.gid()),
            status.modified(),
            hasXattrs ? xattrs(file) : new TreeMap<>());
    entries.put(path(file), entry(file, status, attributes));
  }

  private Entry entry(Path file, Status status, Attributes attributes) throws IOException {
    return switch (status.type()) {
      case DIRECTORY -> new Entry.Directory(attributes);
      case SYMLINK -> new Entry.Symlink(attributes, Files.readSymbolicLink(file).toString());
      case REGULAR ->
          new Entry.RegularFile(attributes, Content.ofFile(file, status.size()), links(status));
      case CHARACTER_DEVICE -> device(attributes, Entry.Special.Kind.CHARACTER_DEVICE, status);
      case BLOCK_DEVICE -> device(attributes, Entry.Special.Kind.BLOCK_DEVICE, status);
      case FIFO -> new Entry.Special(attributes, Entry.Special.Kind.FIFO, 0, 0);
      default -> new Entry.Special(attributes, Entry.Special.Kind.SOCKET, 0, 0);
    };
  }

  private LinkGroup links(Status status) {
    return status.links() < 2
        ? LinkGroup.NONE
        : groups.computeIfAbsent(status.inode(), _ -> new LinkGroup());
  }

  private static Entry device(Attributes attributes, Entry.Special.Kind kind, Status status) {
    long device = status.device();
    // glibc's gnu_dev_major and gnu_dev_minor.
    int major = (int) (((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL));
    int minor = (int) ((device & 0xff) | ((device >>> 12) & ~0xffL));
    return new Entry.Special(attributes, kind, major, minor);
  }

  /// Only `user.` attributes, which are all that Java shows.
  private static SortedMap<String, ExtendedAttribute> xattrs(Path file) throws IOException {
    SortedMap<String, ExtendedAttribute> result = new TreeMap<>();
    var view =
        Files.getFileAttributeView(
            file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null) {
      for (String name : view.list()) {
        ByteBuffer value = ByteBuffer.allocate(view.size(name));
        view.read(name, value);
        result.put("user." + name, new ExtendedAttribute(value.array()));
      }
    }
    return result;
  }
}
