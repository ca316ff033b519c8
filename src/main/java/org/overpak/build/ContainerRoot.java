package org.overpak.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.oci.Layer;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.RpmDatabase;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What a container build that began with a runtime has left.
///
/// @param metadata the text of `/metadata`, which it has inherited from the runtime
/// @param layers diff_ids, lowest first; none if it is no image
/// @param root as a container engine sees it, `/usr` and `/etc` in their places
/// @param packages in its RPM database; none if it may be without one, and is
record ContainerRoot(
    String metadata, List<Digest> layers, FileTree root, List<InstalledPackage> packages) {
  private static final TreePath METADATA = new TreePath("metadata");
  private static final int LONGEST_METADATA = 1 << 20;

  ContainerRoot {
    layers = List.copyOf(layers);
    packages = List.copyOf(packages);
  }

  /// @param isWithout whether it may be without an RPM database, as its runtime is
  /// @param work where the RPM database is put, and the image if it is in no layout
  /// @throws OverpakException (IMAGE) if it is missing, damaged, or was not built on a runtime
  static ContainerRoot open(ExportSource source, boolean isWithout, Path work, Progress progress) {
    try {
      return switch (source) {
        case ExportSource.OfImage(ImageName name) ->
            ofImage(name.open(work.resolve("image")), isWithout, work, progress);
        case ExportSource.Root(Path directory) -> ofDirectory(directory, isWithout, work);
      };
    } catch (OverpakException e) {
      throw e.in("reading " + source);
    }
  }

  private static ContainerRoot ofImage(
      Image image, boolean isWithout, Path work, Progress progress) {
    FileTree tree =
        image.readTree(path -> path.equals(METADATA) || RuntimeImage.isNeeded(path), progress);
    return of(image.layers().stream().map(Layer::diffId).toList(), tree, isWithout, work);
  }

  private static ContainerRoot ofDirectory(Path directory, boolean isWithout, Path work) {
    if (!Files.isDirectory(directory)) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          directory + " is not a directory",
          "Give the root directory of the container: buildah mount prints it, inside the"
              + " container it is /.");
    }
    Set<TreePath> mounted = MountPoints.in(directory);
    FileTree tree = FileTree.ofDirectory(directory, mounted::contains);
    return of(List.of(), tree, isWithout, work);
  }

  private static ContainerRoot of(
      List<Digest> layers, FileTree tree, boolean isWithout, Path work) {
    FileTree root = SystemLayout.root(tree);
    List<InstalledPackage> packages =
        isWithout && RpmDatabase.find(root).isEmpty()
            ? List.of()
            : RpmDatabase.open(root, work.resolve("container-rpmdb")).packages();
    return new ContainerRoot(metadata(tree), layers, root, packages);
  }

  private static String metadata(FileTree tree) {
    if (!(tree.get(METADATA).orElse(null) instanceof Entry.RegularFile file)) {
      return "";
    }
    try (InputStream stream = file.content().open()) {
      return new String(stream.readNBytes(LONGEST_METADATA), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether it has all layers of RUNTIME, below its own.
  boolean isBuiltOn(Image runtime) {
    List<Digest> base = runtime.layers().stream().map(Layer::diffId).toList();
    return layers.size() >= base.size() && layers.subList(0, base.size()).equals(base);
  }
}
