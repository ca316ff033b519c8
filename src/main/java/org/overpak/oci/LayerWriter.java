package org.overpak.oci;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.Attributes;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.TreePath;

/// Writes trees as one layer: the directories of all first, then what else each tree holds, each
/// part compressed on its own. Names, modes, owners, times and attributes are exactly the trees';
/// the bytes depend on nothing else but the format.
public final class LayerWriter {
  private final LayerFormat format;
  private final MemberCompressor compressor;
  private final int threads;

  LayerWriter(LayerFormat format, MemberCompressor compressor, int threads) {
    this.format = format;
    this.compressor = compressor;
    this.threads = threads;
  }

  public LayerWriter(LayerFormat format) {
    this(
        format,
        MemberCompressor.of(format.compression()),
        Runtime.getRuntime().availableProcessors());
  }

  /// Compresses nothing that CACHE knows.
  public LayerWriter(LayerFormat format, PartCache cache) {
    this(
        format,
        new MemberCompressor.Cached(MemberCompressor.of(format.compression()), cache),
        Runtime.getRuntime().availableProcessors());
  }

  /// Writes PARTS, in their order, into a new file in DIRECTORY; if that fails there is none.
  ///
  /// A directory may be in several parts, the last one's attributes count; no other path may. Hard
  /// links between parts are kept: the first name in the order of writing holds the content.
  ///
  /// @param directory best on the filesystem of the layout that the layer will go to
  /// @throws OverpakException (FILESYSTEM) if DIRECTORY cannot take it; also what reading content
  ///   throws
  /// @throws IllegalArgumentException if the parts contradict each other
  public WrittenLayer write(List<FileTree> parts, Path directory, Progress progress) {
    return writeInOrder(parts.stream().map(LayerPart::of).toList(), directory, progress);
  }

  /// As {@link #write}, of parts whose own order counts.
  public WrittenLayer writeInOrder(List<LayerPart> parts, Path directory, Progress progress) {
    NavigableMap<TreePath, Entry> directories = directories(parts);
    long size = contentSize(parts);
    Path file = createFile(directory, size);
    boolean done = false;
    try (var step = progress.begin("writing a layer", size);
        var out =
            new Output(Files.newOutputStream(file, StandardOpenOption.WRITE), directory, size);
        var members = new MemberStream(out, compressor, threads)) {
      writeParts(directories, parts, members, step);
      var layer =
          new WrittenLayer(
              new Descriptor(
                  format.compression().algorithm().layerMediaType(),
                  members.digest(),
                  members.size()),
              members.diffId(),
              file);
      done = true;
      return layer;
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "reading what goes into the layer: " + WriteFailure.reason(e),
          "Check that nothing changes these files during the build.",
          e);
    } finally {
      if (!done) {
        delete(file);
      }
    }
  }

  private static void writeParts(
      NavigableMap<TreePath, Entry> directories,
      List<LayerPart> parts,
      MemberStream members,
      Progress.Step step)
      throws IOException {
    Map<LinkGroup, TreePath> first = new HashMap<>();
    try (var contents = new ContentReader()) {
      var tar = new TarWriter(members, contents);
      for (var directory : directories.entrySet()) {
        tar.write(directory.getKey(), directory.getValue());
      }
      members.endMember();
      for (LayerPart part : parts) {
        tar.prefixNames(part.prefix());
        for (var entry : part.entries().entrySet()) {
          writeEntry(tar, entry.getKey(), entry.getValue(), first, step);
        }
        members.endMember();
      }
      tar.finish();
      members.finish();
    }
  }

  private static void writeEntry(
      TarWriter tar, TreePath path, Entry entry, Map<LinkGroup, TreePath> first, Progress.Step step)
      throws IOException {
    switch (entry) {
      case Entry.Directory _ -> {
        // Written before all parts.
      }
      case Entry.RegularFile file -> {
        TreePath target =
            file.links() == LinkGroup.NONE ? null : first.putIfAbsent(file.links(), path);
        if (target != null) {
          tar.writeHardLink(path, file, target);
        } else {
          tar.write(path, file);
          step.advance(file.content().size());
        }
      }
      case Entry.Symlink link -> tar.write(path, link);
      case Entry.Special special -> tar.write(path, special);
    }
  }

  /// All directories, also those that are only implied: readers give these modes of their own.
  private NavigableMap<TreePath, Entry> directories(List<LayerPart> parts) {
    NavigableMap<TreePath, Entry> all = new TreeMap<>();
    for (LayerPart part : parts) {
      part.entries()
          .forEach(
              (path, entry) -> {
                Entry before = all.put(path, entry);
                if (before != null
                    && !(before instanceof Entry.Directory && entry instanceof Entry.Directory)) {
                  throw new IllegalArgumentException("two parts of a layer hold " + path);
                }
              });
    }
    FileTree.of(all);
    NavigableMap<TreePath, Entry> directories = new TreeMap<>();
    var implied = new Entry.Directory(Attributes.of(0755, format.implied().getEpochSecond()));
    directories.put(TreePath.ROOT, implied);
    all.forEach(
        (path, entry) -> {
          if (entry instanceof Entry.Directory) {
            directories.put(path, entry);
          }
          TreePath parent = path.parent();
          while (!directories.containsKey(parent)) {
            directories.put(parent, implied);
            parent = parent.parent();
          }
        });
    return directories;
  }

  private static long contentSize(List<LayerPart> parts) {
    long size = 0;
    for (LayerPart part : parts) {
      for (Entry entry : part.entries().values()) {
        size += entry instanceof Entry.RegularFile file ? file.content().size() : 0;
      }
    }
    return size;
  }

  /// A new file with the usual mode, which one made as temporary would not have.
  private static Path createFile(Path directory, long size) {
    for (int number = 1; ; number++) {
      Path file = directory.resolve("layer-" + number + ".partial");
      try {
        return Files.createFile(file);
      } catch (FileAlreadyExistsException _) {
        // Another layer's.
      } catch (IOException e) {
        throw WriteFailure.of(directory, size, e);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The failure that led here is what matters.
    }
  }

  /// Tells failures to write from failures to read, both of which are IOExceptions.
  private static final class Output extends OutputStream {
    private final OutputStream out;
    private final Path directory;
    private final long need;

    Output(OutputStream out, Path directory, long need) {
      this.out = out;
      this.directory = directory;
      this.need = need;
    }

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw WriteFailure.of(directory, need, e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw WriteFailure.of(directory, need, e);
      }
    }
  }
}
