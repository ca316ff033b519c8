package org.overpak.sandbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.overpak.Progress;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.TreePath;

/// Writes trees into a directory of the machine, as far as a user can who is not root: everything
/// belongs to this process; no file has setuid, setgid or capabilities, with which it would be more
/// than what it is in the tree; device nodes, FIFOs and sockets are left out; directories can be
/// written by their owner. Nothing is written through a link. Small files may not be there before
/// {@link #finish}.
final class DirectoryWriter implements AutoCloseable {
  private final Path root;
  private final FileWriter writer = new FileWriter();

  /// Files that are perhaps not written yet.
  private final Set<Path> pending = new HashSet<>();

  private final Map<LinkGroup, Path> linked = new HashMap<>();

  /// Directories that were seen to be real since commands last ran.
  private final Set<TreePath> real = new HashSet<>();

  DirectoryWriter(Path root) {
    this.root = root;
  }

  private record Pending(Path file, Entry.RegularFile entry) {}

  /// Adds TREE to what is there; whatever stands in the place of an entry is replaced, but
  /// directories are kept.
  ///
  /// @throws IOException also if a directory on the way is none
  void write(FileTree tree, Progress.Step step) throws IOException {
    real.clear();
    List<Pending> files = new ArrayList<>();
    List<Pending> links = new ArrayList<>();
    for (Map.Entry<TreePath, Entry> item : tree.entries().entrySet()) {
      TreePath path = item.getKey();
      Path file = place(path);
      switch (item.getValue()) {
        case Entry.Directory directory -> makeDirectory(file, directory.attributes().mode());
        case Entry.Symlink link -> {
          makeRoom(file);
          Files.createSymbolicLink(file, Path.of(link.target()));
        }
        case Entry.RegularFile regular -> {
          makeRoom(file);
          if (regular.links() == LinkGroup.NONE
              || linked.putIfAbsent(regular.links(), file) == null) {
            files.add(new Pending(file, regular));
          } else {
            links.add(new Pending(file, regular));
          }
        }
        case Entry.Special _ -> {
          // Said above.
        }
      }
    }
    writeContents(files, step);
    if (!links.isEmpty()) {
      finish();
    }
    for (Pending link : links) {
      Files.createLink(link.file(), linked.get(link.entry().links()));
    }
  }

  /// Where PATH is, with real directories above it.
  private Path place(TreePath path) throws IOException {
    if (path.isRoot()) {
      return root;
    }
    TreePath parent = path.parent();
    Path directory = parent.isRoot() ? root : root.resolve(parent.value());
    if (!parent.isRoot() && !real.contains(parent)) {
      place(parent);
      makeDirectory(directory, 0755);
      real.add(parent);
    }
    return directory.resolve(path.name());
  }

  private void makeDirectory(Path directory, int mode) throws IOException {
    finishIfPending(directory);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !Whiteouts.is(directory)) {
        throw new FileAlreadyExistsException(directory.toString(), null, "it is no directory");
      }
      boolean hidden = Files.deleteIfExists(directory);
      Files.createDirectory(directory);
      if (hidden) {
        Whiteouts.makeOpaque(directory);
      }
      setMode(directory, mode | 0700);
    }
  }

  /// Removes what stands at FILE, unless it is a directory.
  private void makeRoom(Path file) throws IOException {
    finishIfPending(file);
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString(), null, "it is a directory");
    }
    Files.deleteIfExists(file);
  }

  /// In the order in which they are stored, so that a layer is decompressed once.
  private void writeContents(List<Pending> files, Progress.Step step) throws IOException {
    try (var contents = new ContentReader()) {
      for (Pending file : ContentReader.inOrder(files, file -> file.entry().content())) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException();
        }
        long size = file.entry().content().size();
        writer.write(
            file.file(),
            contents.open(file.entry().content()),
            size,
            file.entry().attributes().mode() & 0777);
        pending.add(file.file());
        step.advance(size);
      }
    }
  }

  private void finishIfPending(Path file) throws IOException {
    if (pending.contains(file)) {
      finish();
    }
  }

  /// Waits until all is there.
  void finish() throws IOException {
    pending.clear();
    writer.finish();
  }

  @Override
  public void close() {
    writer.close();
  }

  static void setMode(Path file, int mode) throws IOException {
    Files.setAttribute(file, "unix:mode", mode);
  }
}
