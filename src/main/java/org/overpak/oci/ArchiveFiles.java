package org.overpak.oci;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.TreePath;

/// The files of an archive that holds images, unpacked under names of our own: no name in the
/// archive is ever a path outside of it.
///
/// @param archive as it is called in messages
/// @param files where the content of each regular file is now
/// @param links targets of symbolic links, as the archive has them
record ArchiveFiles(ImageName archive, Map<TreePath, Path> files, Map<TreePath, String> links) {
  /// Some thousand images of a hundred layers; each entry is held in memory.
  private static final int MOST_ENTRIES = 1_000_000;

  /// @param scratch an existing directory
  /// @throws OverpakException (IMAGE) if FILE is no tar, damaged, or unpacks to more than an image
  ///   may have
  static ArchiveFiles unpack(ImageName archive, Path file, Path scratch) {
    return unpack(archive, file, scratch, LayerLimits.DEFAULT.bytes());
  }

  static ArchiveFiles unpack(ImageName archive, Path file, Path scratch, long mostBytes) {
    var result = new ArchiveFiles(archive, new HashMap<>(), new HashMap<>());
    try (InputStream stored = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        var bytes =
            new DigestingStream(
                compression(stored).decompress(stored), Digest.Algorithm.SHA256, mostBytes)) {
      result.read(new TarReader(bytes), scratch);
      bytes.drain();
      return result;
    } catch (NoSuchFileException e) {
      throw wrong(archive, "there is no file " + file, "Check the name of the image.", e);
    } catch (EOFException e) {
      throw wrong(archive, "it ends too early", REPAIR, e);
    } catch (MalformedArchive e) {
      throw wrong(archive, String.valueOf(e.getMessage()), REPAIR, e);
    } catch (ScratchFailure e) {
      throw WriteFailure.of(scratch, 0, e.reason);
    } catch (IOException e) {
      throw wrong(archive, WriteFailure.reason(e), REPAIR, e);
    }
  }

  private static final String REPAIR = "Make or fetch the archive again.";

  /// What the first bytes say; STREAM is left at its beginning.
  private static Compression compression(InputStream stream) throws IOException {
    stream.mark(4);
    byte[] magic = stream.readNBytes(4);
    stream.reset();
    int first = magic.length < 4 ? 0 : ((magic[0] & 0xff) << 8) | (magic[1] & 0xff);
    return switch (first) {
      case 0x1f8b -> Compression.GZIP;
      case 0x28b5 -> Compression.ZSTD;
      default -> Compression.NONE;
    };
  }

  private void read(TarReader tar, Path scratch) throws IOException {
    int count = 0;
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarEntry entry = next.get();
      if (++count > MOST_ENTRIES) {
        throw new MalformedArchive("more than " + MOST_ENTRIES + " entries");
      }
      TreePath path = path(entry);
      switch (entry.type()) {
        case REGULAR -> {
          requireNew(path);
          files.put(path, copy(tar, scratch.resolve("file-" + count)));
        }
        case SYMLINK -> {
          requireNew(path);
          links.put(path, entry.linkName());
        }
        case DIRECTORY -> {}
        case HARD_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
            throw new MalformedArchive(
                "entry '%s' is neither a file nor a directory".formatted(entry.name()));
      }
    }
  }

  private static TreePath path(TarEntry entry) throws MalformedArchive {
    try {
      return TreePath.parse(entry.name());
    } catch (IllegalArgumentException e) {
      throw new MalformedArchive("entry '" + entry.name() + "': " + e.getMessage(), e);
    }
  }

  /// Readers differ in which of two they take.
  private void requireNew(TreePath path) throws MalformedArchive {
    if (files.containsKey(path) || links.containsKey(path)) {
      throw new MalformedArchive("two entries are called '" + path.value() + "'");
    }
  }

  private static Path copy(TarReader tar, Path target) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(target), 1 << 16)) {
      tar.copyContent(
          (bytes, length) -> {
            try {
              out.write(bytes, 0, length);
            } catch (IOException e) {
              throw new ScratchFailure(e);
            }
          });
    }
    return target;
  }

  /// That what is read cannot be stored, told apart from that it cannot be read.
  private static final class ScratchFailure extends IOException {
    private final IOException reason;

    ScratchFailure(IOException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  /// The file called NAME, or that a link of this name leads to; one link only, so there is no
  /// circle.
  Optional<Path> find(TreePath name) {
    String target = links.get(name);
    if (target == null) {
      return Optional.ofNullable(files.get(name));
    }
    Path linked = Path.of(name.parent().toString()).resolve(target).normalize();
    return Optional.ofNullable(files.get(TreePath.parse(linked.toString())));
  }

  /// @param what as a person would call it, with its article
  Path require(TreePath name, String what) {
    return find(name)
        .orElseThrow(() -> wrong(archive, what + " is missing: " + name.value(), REPAIR, null));
  }

  OverpakException wrong(String what, String advice) {
    return wrong(archive, what, advice, null);
  }

  private static OverpakException wrong(
      ImageName archive, String what, String advice, @Nullable IOException cause) {
    String message = archive + ": " + what;
    return cause == null
        ? new OverpakException(ExitCode.IMAGE, message, advice)
        : new OverpakException(ExitCode.IMAGE, message, advice, cause);
  }
}
