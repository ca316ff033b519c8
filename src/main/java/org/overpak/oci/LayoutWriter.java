package org.overpak.oci;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Puts an image into a layout. Blobs come first, each by a rename; the index, which alone makes
/// them an image, comes last.
final class LayoutWriter {
  private final ImageName.Layout name;

  /// What this writer put there, to be taken away again if it fails.
  private final List<Path> placed = new ArrayList<>();

  private LayoutWriter(ImageName.Layout name) {
    this.name = name;
  }

  static Digest write(ImageName.Layout name, ImageConfig config, List<WrittenLayer> layers) {
    if (!name.hasReference()) {
      throw new IllegalArgumentException("image without a name: " + name);
    }
    byte[] configBytes = ConfigWriter.write(config, layers);
    var configDescriptor = descriptor(MediaType.CONFIG, configBytes);
    byte[] manifestBytes = manifest(configDescriptor, layers, config.annotations());
    var manifestDescriptor = descriptor(MediaType.MANIFEST, manifestBytes);
    long need =
        configBytes.length
            + manifestBytes.length
            + layers.stream().mapToLong(layer -> layer.descriptor().size()).sum();

    new LayoutWriter(name)
        .change(
            need,
            (writer, index) -> {
              for (WrittenLayer layer : layers) {
                writer.placeFile(layer);
              }
              writer.placeBytes(configBytes, configDescriptor.digest());
              writer.placeBytes(manifestBytes, manifestDescriptor.digest());
              return IndexEntries.replace(index, name.reference(), manifestDescriptor);
            });
    return manifestDescriptor.digest();
  }

  /// Makes of LAYOUT, which has the blobs of one image and nothing else yet, a layout with that
  /// image.
  ///
  /// @return its name in there
  static ImageName.Layout complete(Path layout, Descriptor manifest) throws IOException {
    var name = new ImageName.Layout(layout, "image");
    Json.Fields index = IndexEntries.replace(IndexEntries.EMPTY, name.reference(), manifest);
    Files.write(layout.resolve("index.json"), index.toBytes());
    Files.write(layout.resolve("oci-layout"), LayoutLock.VERSION);
    return name;
  }

  static void copy(Image image, ImageName.Layout name, Copying copying) {
    new LayoutWriter(name)
        .change(
            image.layers().stream().mapToLong(layer -> layer.descriptor().size()).sum(),
            (writer, index) -> {
              for (Digest digest : image.digests()) {
                writer.placeCopy(image.blob(digest), digest, copying);
              }
              return IndexEntries.replace(index, name.reference(), image.descriptor());
            });
  }

  /// Copies IMAGES, by the names that they get, and puts an index of them beside, which has the
  /// name of the layout.
  static Digest writeIndex(ImageName.Layout name, SequencedMap<String, Image> images) {
    List<Json> manifests = new ArrayList<>();
    SequencedMap<String, Json.Fields> named = new LinkedHashMap<>();
    images.forEach(
        (reference, image) -> {
          Json.Fields manifest = image.descriptorWithPlatform();
          manifests.add(manifest);
          named.put(reference, manifest);
        });
    SequencedMap<String, Json> fields = new LinkedHashMap<>(IndexEntries.EMPTY.values());
    fields.put("manifests", new Json.Items(manifests));
    byte[] indexBytes = new Json.Fields(fields).toBytes();
    var indexDescriptor = descriptor(MediaType.INDEX, indexBytes);
    new LayoutWriter(name)
        .change(
            indexBytes.length,
            (writer, index) -> {
              Json.Fields changed = index;
              for (Image image : images.values()) {
                for (Digest digest : image.digests()) {
                  writer.placeCopy(image.blob(digest), digest, Copying.VERIFIED);
                }
              }
              for (var one : named.entrySet()) {
                changed = IndexEntries.replace(changed, one.getKey(), one.getValue());
              }
              writer.placeBytes(indexBytes, indexDescriptor.digest());
              return IndexEntries.replace(changed, name.reference(), indexDescriptor);
            });
    return indexDescriptor.digest();
  }

  /// How blobs are copied.
  enum Copying {
    VERIFIED,
    /// By the kernel, which on some filesystems only shares the blocks.
    AS_IT_IS
  }

  /// Places blobs and gives the index that speaks of them.
  private interface Change {
    Json.Fields apply(LayoutWriter writer, Json.Fields index) throws IOException;
  }

  /// @param need bytes, for messages
  private void change(long need, Change change) {
    boolean done = false;
    try (var lock = LayoutLock.acquire(name.directory())) {
      try {
        if (Thread.interrupted()) {
          Thread.currentThread().interrupt();
          throw new OverpakException(ExitCode.INTERRUPTED, "writing " + name + ": interrupted", "");
        }
        removeLeftovers();
        replaceIndex(change.apply(this, readIndex()));
        done = true;
      } finally {
        if (!done) {
          undo();
          lock.undo();
        }
      }
    } catch (IOException e) {
      throw WriteFailure.of(name.directory(), need, e);
    }
  }

  private static Descriptor descriptor(String mediaType, byte[] bytes) {
    return new Descriptor(mediaType, Digest.sha256(bytes), bytes.length);
  }

  private static byte[] manifest(
      Descriptor config, List<WrittenLayer> layers, SortedMap<String, String> annotations) {
    SequencedMap<String, Json> manifest = new LinkedHashMap<>();
    manifest.put("schemaVersion", new Json.Numeral(2));
    // Flatpak refuses manifests that do not say what they are.
    manifest.put("mediaType", new Json.Text(MediaType.MANIFEST));
    manifest.put("config", IndexEntries.json(config));
    manifest.put(
        "layers",
        new Json.Items(
            layers.stream().<Json>map(layer -> IndexEntries.json(layer.descriptor())).toList()));
    if (!annotations.isEmpty()) {
      manifest.put("annotations", Json.Fields.ofTexts(annotations));
    }
    return new Json.Fields(manifest).toBytes();
  }

  private Json.Fields readIndex() {
    Path file = index();
    if (!Files.exists(file)) {
      return IndexEntries.EMPTY;
    }
    return new LayoutReader(name).index().fields();
  }

  private Path index() {
    return name.directory().resolve("index.json");
  }

  private void replaceIndex(Json.Fields index) throws IOException {
    Path partial = partial(name.directory());
    try {
      Files.write(partial, index.toBytes(), StandardOpenOption.CREATE_NEW);
      Files.move(partial, index(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void placeBytes(byte[] bytes, Digest digest) throws IOException {
    Path blob = prepare(digest);
    Path partial = partial(blob.resolveSibling(""));
    try {
      Files.write(partial, bytes, StandardOpenOption.CREATE_NEW);
      place(partial, blob);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /// Moves a layer, or copies it where it lies on another filesystem.
  private void placeFile(WrittenLayer layer) throws IOException {
    Path blob = prepare(layer.descriptor().digest());
    try {
      place(layer.file(), blob);
      return;
    } catch (AtomicMoveNotSupportedException _) {
      // Copied below.
    }
    Path partial = partial(blob.resolveSibling(""));
    try {
      copyVerified(layer.file(), layer.descriptor().digest(), partial);
      place(partial, blob);
    } finally {
      Files.deleteIfExists(partial);
    }
    Files.delete(layer.file());
  }

  private void placeCopy(Path file, Digest digest, Copying copying) throws IOException {
    Path blob = prepare(digest);
    if (Files.exists(blob)) {
      return;
    }
    Path partial = partial(blob.resolveSibling(""));
    try {
      switch (copying) {
        case VERIFIED -> copyVerified(file, digest, partial);
        case AS_IT_IS -> Files.copy(file, partial);
      }
      place(partial, blob);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void copyVerified(Path file, Digest expected, Path target) throws IOException {
    MessageDigest digest = expected.algorithm().start();
    try (InputStream in = Files.newInputStream(file);
        var out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        out.write(buffer, 0, count);
      }
    }
    Digest actual = Digest.finish(expected.algorithm(), digest);
    if (!actual.equals(expected)) {
      throw new IOException(
          "%s changed since it was written: its digest is %s, not %s"
              .formatted(file, actual, expected));
    }
  }

  private Path prepare(Digest digest) throws IOException {
    Path blob = LayoutReader.blob(name.directory(), digest);
    Files.createDirectories(blob.resolveSibling(""));
    return blob;
  }

  /// An equal blob that is there already, be it another writer's, is replaced by its equal.
  private void place(Path file, Path blob) throws IOException {
    boolean isNew = !Files.exists(blob);
    Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
    if (isNew) {
      placed.add(blob);
    }
  }

  /// Only one writer at a time is here, so one name is enough.
  private static Path partial(Path directory) {
    return directory.resolve(".overpak-partial");
  }

  /// What a writer that was killed could not remove.
  private void removeLeftovers() throws IOException {
    Files.deleteIfExists(partial(name.directory()));
    Files.deleteIfExists(partial(name.directory().resolve("blobs").resolve("sha256")));
  }

  private void undo() {
    for (Path blob : placed) {
      try {
        Files.deleteIfExists(blob);
      } catch (IOException _) {
        // Without an index entry it is in no image.
      }
    }
  }
}
