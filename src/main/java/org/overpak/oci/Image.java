package org.overpak.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.overpak.Digest;
import org.overpak.Progress;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// An image whose manifest and config were read and found right; its layers are not read yet.
///
/// @param digest of the manifest
/// @param layers lowest first, at least one
public record Image(ImageName name, Digest digest, ImageConfig config, List<Layer> layers) {
  public Image {
    layers = List.copyOf(layers);
  }

  /// All layers laid over each other, whiteouts carried out, in one pass over each layer during
  /// which its size, digest and diff_id are verified.
  ///
  /// Content is a slice of its layer, so each content read later decompresses the layer anew up to
  /// there; that of the paths that INMEMORY accepts (as the layers name them; a hard link has the
  /// content of the path that was stored first) is kept in memory.
  ///
  /// @throws OverpakException (IMAGE) if a layer is missing, damaged, too large, or has an entry
  ///   that could lead out of the tree; it names the layer and the entry
  public FileTree readTree(Predicate<TreePath> inMemory, Progress progress) {
    return readTree(Excerpt.whole(inMemory), progress);
  }

  /// As {@link #readTree(Predicate, Progress)}, where the files that EXCERPT is of have what it
  /// keeps of them for content.
  FileTree readTree(Excerpt excerpt, Progress progress) {
    return LayerStack.read(this, excerpt, Optional.empty(), LayerLimits.DEFAULT, progress);
  }

  /// As {@link #readTree(Predicate, Progress)}, and decompresses all layers into new files in
  /// DIRECTORY on the way, in which the content then lies: for whoever reads contents several times
  /// or in an order of his own.
  ///
  /// @throws OverpakException as {@link #readTree}, and (FILESYSTEM) if DIRECTORY cannot take them
  public FileTree unpackTree(Predicate<TreePath> inMemory, Path directory, Progress progress) {
    return LayerStack.read(
        this, Excerpt.whole(inMemory), Optional.of(directory), LayerLimits.DEFAULT, progress);
  }

  /// The blob DIGEST of this image, which lies with its layers.
  Path blob(Digest blob) {
    Path layout = layers.getFirst().blob().resolve("../../..").normalize();
    return LayoutReader.blob(layout, blob);
  }

  private JsonDocument manifest() {
    try {
      return JsonDocument.parse(Files.readAllBytes(blob(digest)), "the manifest of " + name);
    } catch (IOException e) {
      throw WriteFailure.unreadable(blob(digest), e);
    }
  }

  /// Of the blob that holds the configuration.
  Descriptor configDescriptor() {
    return manifest().requiredObject("config").descriptor();
  }

  /// Of all its blobs, the manifest's last.
  List<Digest> digests() {
    List<Digest> digests = new ArrayList<>();
    layers.forEach(layer -> digests.add(layer.descriptor().digest()));
    digests.add(configDescriptor().digest());
    digests.add(digest);
    return digests;
  }

  /// Of its manifest.
  Descriptor descriptor() {
    try {
      return new Descriptor(
          manifest().text("mediaType").orElse(MediaType.MANIFEST),
          digest,
          Files.size(blob(digest)));
    } catch (IOException e) {
      throw WriteFailure.unreadable(blob(digest), e);
    }
  }

  /// As an index lists it.
  Json.Fields descriptorWithPlatform() {
    return IndexEntries.json(descriptor(), new Platform(config.os(), config.architecture()));
  }
}
