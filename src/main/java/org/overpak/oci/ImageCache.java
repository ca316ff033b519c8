package org.overpak.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.overpak.Digest;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Remembers what the layers of images hold, so that an image that was read and verified once is
/// known at once the next time.
///
/// Layers are verified again, and read, if their blobs are not the very files that were verified:
/// of the same size, inode and time of change, which the kernel keeps and no program can set.
///
/// @param directory made if it is missing; what is in it may be deleted at any time
public record ImageCache(Path directory) {

  /// VIEW of what {@link Image#readTree} gives.
  ///
  /// @param purpose a name for what INMEMORY accepts and VIEW does: a file name, changed whenever
  ///   these change
  /// @param view moves entries and leaves them out; adds none with content
  /// @throws OverpakException as {@link Image#readTree}, and (FILESYSTEM) if the cache cannot be
  ///   written
  public FileTree readTree(
      Image image,
      String purpose,
      Predicate<TreePath> inMemory,
      UnaryOperator<FileTree> view,
      Progress progress) {
    return readTree(image, purpose, Excerpt.whole(inMemory), view, progress);
  }

  /// The same, where the files that EXCERPT is of have what it keeps of them for content.
  public FileTree readTree(
      Image image,
      String purpose,
      Excerpt excerpt,
      UnaryOperator<FileTree> view,
      Progress progress) {
    Path file = directory.resolve(image.digest().hex()).resolve(purpose + "-" + stamp(image));
    return TreeIndex.read(file, image)
        .orElseGet(
            () -> {
              FileTree tree = view.apply(image.readTree(excerpt, progress));
              remember(file, purpose, image, tree);
              return tree;
            });
  }

  private static void remember(Path file, String purpose, Image image, FileTree tree) {
    Path parent = file.resolveSibling("");
    try {
      Files.createDirectories(parent);
      try (DirectoryStream<Path> outdated = Files.newDirectoryStream(parent, purpose + "-*")) {
        for (Path one : outdated) {
          Files.deleteIfExists(one);
        }
      }
    } catch (IOException e) {
      throw WriteFailure.of(parent, 0, e);
    }
    TreeIndex.write(file, image, tree);
  }

  /// What tells the blobs' files from any others.
  private static String stamp(Image image) {
    var all = new StringBuilder();
    for (Layer layer : image.layers()) {
      try {
        Map<String, Object> attributes =
            new TreeMap<>(Files.readAttributes(layer.blob(), "unix:dev,ino,size,ctime"));
        all.append(attributes).append('\n');
      } catch (IOException _) {
        // Reading the layer will say what is wrong; a tree of such is never remembered.
        all.append("unknown\n");
      }
    }
    return Digest.sha256(all.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }
}
