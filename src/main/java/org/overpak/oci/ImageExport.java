package org.overpak.oci;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.TreePath;

/// Puts the images of a layout, byte for byte, into what skopeo and Docker take as a file or a
/// directory. The same images always give the same bytes; nothing is visible before all is written.
final class ImageExport {
  private static final int PLAIN = 0644;

  private final Path layout;

  private ImageExport(Path layout) {
    this.layout = layout;
  }

  static void write(Path layout, ImageName target) {
    var export = new ImageExport(layout);
    Path place =
        switch (target) {
          case ImageName.LayoutArchive archive -> archive.file();
          case ImageName.DockerArchive archive -> archive.file();
          case ImageName.Directory directory -> directory.directory();
          case ImageName.Layout _, ImageName.Storage _ ->
              throw new IllegalArgumentException("not exported: " + target);
        };
    try {
      switch (target) {
        case ImageName.LayoutArchive _ -> export.writeTar(place, export.layoutFiles());
        case ImageName.DockerArchive archive ->
            export.writeTar(place, export.dockerFiles(archive.reference()));
        case ImageName.Directory _ -> export.writeDirectory(place);
        case ImageName.Layout _, ImageName.Storage _ -> throw new IllegalStateException();
      }
    } catch (IOException e) {
      throw WriteFailure.of(place.toAbsolutePath().resolveSibling(""), 0, e);
    }
  }

  private List<Image> images() {
    return ImageLayout.references(layout).stream()
        .map(reference -> ImageLayout.open(new ImageName.Layout(layout, reference)))
        .toList();
  }

  private SortedMap<TreePath, Content> layoutFiles() throws IOException {
    SortedMap<TreePath, Content> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(layout)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(new TreePath(layout.relativize(file).toString()), content(file));
      }
    }
    return files;
  }

  /// What `docker save` writes: layers decompressed, under their diff_ids. The last image has the
  /// name REFERENCE.
  private SortedMap<TreePath, Content> dockerFiles(String reference) throws IOException {
    SortedMap<TreePath, Content> files = new TreeMap<>();
    List<Json> entries = new ArrayList<>();
    List<Image> images = images();
    for (Image image : images) {
      Descriptor config = image.configDescriptor();
      String configFile = config.digest().hex() + ".json";
      files.put(new TreePath(configFile), content(blob(config.digest())));
      List<String> layers = new ArrayList<>();
      for (Layer layer : image.layers()) {
        String name = layer.diffId().hex() + ".tar";
        layers.add(name);
        if (!files.containsKey(new TreePath(name))) {
          files.put(new TreePath(name), content(decompressed(layer)));
        }
      }
      boolean isNamed = !reference.isEmpty() && image.equals(images.getLast());
      SequencedMap<String, Json> entry = new LinkedHashMap<>();
      entry.put("Config", new Json.Text(configFile));
      entry.put("RepoTags", Json.Items.ofTexts(isNamed ? List.of(reference) : List.of()));
      entry.put("Layers", Json.Items.ofTexts(layers));
      entries.add(new Json.Fields(entry));
    }
    files.put(new TreePath(DirectoryImage.MANIFEST), Content.of(new Json.Items(entries).toBytes()));
    return files;
  }

  private Path decompressed(Layer layer) throws IOException {
    Path file = Files.createTempFile(layout, "layer", ".tar");
    MessageDigest digest = layer.diffId().algorithm().start();
    try (InputStream in = layer.open();
        OutputStream out = Files.newOutputStream(file)) {
      copy(in, out, digest);
    }
    requireEqual(layer.diffId(), Digest.finish(layer.diffId().algorithm(), digest));
    return file;
  }

  private void writeTar(Path target, SortedMap<TreePath, Content> files) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path partial = Files.createTempFile(absolute.resolveSibling(""), ".overpak-", ".partial");
    try {
      try (var out = new BufferedOutputStream(Files.newOutputStream(partial), 1 << 16);
          var contents = new ContentReader()) {
        var tar = new TarWriter(out, contents);
        for (Map.Entry<TreePath, Content> file : files.entrySet()) {
          tar.write(file.getKey(), new Entry.RegularFile(Attributes.of(PLAIN, 0), file.getValue()));
        }
        tar.finish();
      }
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(partial, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /// Blobs first, the manifest that makes them an image last.
  private void writeDirectory(Path target) throws IOException {
    List<Image> images = images();
    if (images.size() != 1) {
      throw new OverpakException(
          ExitCode.USAGE,
          "dir:" + target + " can hold one image, but there are " + images.size(),
          "Write a layout or an oci-archive:, which holds all.");
    }
    requireOurs(target);
    Image image = images.getFirst();
    Files.createDirectories(target);
    Set<String> kept = new HashSet<>(Set.of("version", DirectoryImage.MANIFEST));
    List<Digest> blobs = new ArrayList<>(List.of(image.configDescriptor().digest()));
    image.layers().forEach(layer -> blobs.add(layer.descriptor().digest()));
    for (Digest blob : blobs) {
      place(blob(blob), target.resolve(blob.hex()));
      kept.add(blob.hex());
    }
    Files.writeString(target.resolve("version"), DirectoryImage.VERSION);
    place(blob(image.digest()), target.resolve(DirectoryImage.MANIFEST));
    try (Stream<Path> all = Files.list(target)) {
      for (Path file : all.toList()) {
        String name = file.getFileName().toString();
        if (!kept.contains(name) && name.matches("[0-9a-f]{64}")) {
          Files.delete(file);
        }
      }
    }
  }

  private static void requireOurs(Path target) throws IOException {
    if (!Files.isDirectory(target) || Files.exists(target.resolve("version"))) {
      return;
    }
    try (Stream<Path> all = Files.list(target)) {
      if (all.findAny().isPresent()) {
        throw new OverpakException(
            ExitCode.IMAGE,
            target + " holds something else than an image",
            "Name a directory that is not there yet, or one of dir:.");
      }
    }
  }

  private static void place(Path blob, Path file) throws IOException {
    Path partial = Files.createTempFile(file.toAbsolutePath().resolveSibling(""), ".overpak-", "");
    try {
      Files.copy(blob, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private Path blob(Digest digest) {
    return LayoutReader.blob(layout, digest);
  }

  private static Content content(Path file) throws IOException {
    return new Content.Slice(new Content.FileSource(file), 0, Files.size(file));
  }

  private static void copy(InputStream in, OutputStream out, MessageDigest digest)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      digest.update(buffer, 0, count);
      out.write(buffer, 0, count);
    }
  }

  private static void requireEqual(Digest expected, Digest actual) throws IOException {
    if (!actual.equals(expected)) {
      throw new IOException("a layer is %s, not %s".formatted(actual, expected));
    }
  }
}
