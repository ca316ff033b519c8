package org.overpak.oci;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.overpak.OverpakException;
import org.overpak.tree.FileTree;

/// What an image's layers hold, kept in a file so that they need not be decompressed again to know
/// it. Content that was in memory is in the file too; the rest stays slices of the layers.
///
/// For caches: a file is a version line, the listing, the content, and a CRC-32C of all that, which
/// tells damage. It is right or it is not used.
public final class TreeIndex {
  /// Length of the checksum at the end, in bytes.
  static final int CHECKSUM = Long.BYTES;

  private TreeIndex() {}

  /// Writes FILE, or replaces it, at once.
  ///
  /// @param tree of {@link Image#readTree}; nothing may have been added to it
  /// @throws OverpakException (FILESYSTEM) if the directory cannot take it
  public static void write(Path file, Image image, FileTree tree) {
    Path directory = file.toAbsolutePath().resolveSibling("");
    long need = tree.entries().size() * 128L;
    try {
      Path partial = Files.createTempFile(directory, file.getFileName().toString(), ".partial");
      try {
        writeWhole(partial, image, tree);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw WriteFailure.of(directory, need, e);
    }
  }

  private static void writeWhole(Path file, Image image, FileTree tree) throws IOException {
    var checksum = new CRC32C();
    try (var out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
      new TreeIndexWriter(image).write(tree, new CheckedOutputStream(out, checksum));
      out.writeLong(checksum.getValue());
    }
  }

  /// The tree that was written for IMAGE, which may lie elsewhere now; empty if FILE is missing,
  /// damaged, of another version, or of another image.
  public static Optional<FileTree> read(Path file, Image image) {
    try {
      if (!isWhole(file)) {
        return Optional.empty();
      }
      try (var in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
        return new TreeIndexReader(file, image).read(in);
      }
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean isWhole(Path file) throws IOException {
    var checksum = new CRC32C();
    try (var in = new DataInputStream(Files.newInputStream(file))) {
      long left = Files.size(file) - CHECKSUM;
      byte[] buffer = new byte[1 << 16];
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (count < 0) {
          return false;
        }
        checksum.update(buffer, 0, count);
        left -= count;
      }
      return left == 0 && in.readLong() == checksum.getValue();
    }
  }
}
