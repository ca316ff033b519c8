package org.overpak.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.overpak.Digest;
import org.overpak.tree.TreePath;

/// Reads images of `docker-archive:`, a tar as `docker save` writes it: `manifest.json` with
/// configuration, names and layers of each image ([moby,
/// image/spec](https://github.com/moby/docker-image-spec/blob/main/spec.md), "Combined Image JSON +
/// Filesystem Changeset Format").
///
/// The image gets a manifest of OCI's, whose digest is therefore nobody else's; what it speaks of
/// is verified as in any layout: the configuration by its name, the layers by their diff_ids.
final class DockerArchiveReader {
  private static final TreePath MANIFEST = new TreePath("manifest.json");
  private static final int LARGEST_DOCUMENT = 64 << 20;
  private static final int DIGITS = 64;

  private final ImageName.DockerArchive name;
  private final ArchiveFiles archive;

  private DockerArchiveReader(ImageName.DockerArchive name, ArchiveFiles archive) {
    this.name = name;
    this.archive = archive;
  }

  static Image open(ImageName.DockerArchive name, Path scratch) {
    try {
      Path work = Files.createTempDirectory(Files.createDirectories(scratch), "archive");
      var reader = new DockerArchiveReader(name, ArchiveFiles.unpack(name, name.file(), work));
      return reader.open(Files.createDirectory(work.resolve("layout")));
    } catch (IOException e) {
      throw WriteFailure.of(scratch, 0, e);
    }
  }

  /// One element of `manifest.json`.
  private record Saved(String config, List<String> names, List<String> layers) {
    static Saved of(JsonDocument document) {
      return new Saved(
          document.requiredText("Config"), document.texts("RepoTags"), document.texts("Layers"));
    }

    String shown() {
      return names.isEmpty() ? "(an image without a name)" : String.join(", ", names);
    }

    /// As Docker completes names: `docker.io/library/` in front and `:latest` behind.
    boolean isCalled(String reference) {
      return names.stream().map(Saved::complete).anyMatch(complete(reference)::equals);
    }

    private static String complete(String reference) {
      String result = reference;
      for (String prefix : List.of("docker.io/", "library/")) {
        result = result.startsWith(prefix) ? result.substring(prefix.length()) : result;
      }
      boolean tagged = result.lastIndexOf(':') > result.lastIndexOf('/');
      return tagged ? result : result + ":latest";
    }
  }

  private Image open(Path layout) throws IOException {
    Path manifest = archive.require(MANIFEST, "the list of images");
    Saved saved = choose(JsonDocument.parseArray(read(manifest), MANIFEST + " of " + name));
    Path config = archive.require(path(saved.config()), "a configuration");
    byte[] configBytes = read(config);
    requireNamedByDigest(saved.config(), configBytes);
    JsonDocument document = JsonDocument.parse(configBytes, saved.config() + " of " + name);

    List<Digest> diffIds = LayoutReader.diffIds(document);
    if (diffIds.size() != saved.layers().size()) {
      throw document.damaged(
          "it has %d diff_ids, but the image %d layers"
              .formatted(diffIds.size(), saved.layers().size()));
    }
    Path blobs = Files.createDirectories(layout.resolve("blobs").resolve("sha256"));
    List<Json> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      layers.add(IndexEntries.json(place(blobs, saved.layers().get(i), diffIds.get(i))));
    }
    Descriptor configDescriptor = place(blobs, MediaType.CONFIG, configBytes);
    SequencedMap<String, Json> fields = new LinkedHashMap<>();
    fields.put("schemaVersion", new Json.Numeral(2));
    fields.put("mediaType", new Json.Text(MediaType.MANIFEST));
    fields.put("config", IndexEntries.json(configDescriptor));
    fields.put("layers", new Json.Items(layers));
    Descriptor descriptor = place(blobs, MediaType.MANIFEST, new Json.Fields(fields).toBytes());
    return LayoutReader.open(LayoutWriter.complete(layout, descriptor), name);
  }

  private Saved choose(List<JsonDocument> documents) {
    List<Saved> images = documents.stream().map(Saved::of).toList();
    List<Saved> fitting = fitting(images);
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    String there = images.stream().map(Saved::shown).collect(Collectors.joining("; "));
    throw archive.wrong(
        fitting.isEmpty()
            ? images.isEmpty() ? "it holds no image" : "it holds no such image, but " + there
            : "it holds %d images that could be meant: %s".formatted(fitting.size(), there),
        "Name one of them: docker-archive:%s:NAME:TAG, or the first one docker-archive:%s:@0."
            .formatted(name.file(), name.file()));
  }

  private List<Saved> fitting(List<Saved> images) {
    String reference = name.reference();
    if (reference.isEmpty()) {
      return images;
    }
    if (reference.matches("@[0-9]{1,6}")) {
      return images.stream().skip(Integer.parseInt(reference.substring(1))).limit(1).toList();
    }
    return images.stream().filter(image -> image.isCalled(reference)).toList();
  }

  private TreePath path(String text) {
    try {
      return TreePath.parse(text);
    } catch (IllegalArgumentException e) {
      throw archive.wrong(
          "%s names a file wrongly: %s".formatted(MANIFEST, e.getMessage()),
          "Make or fetch the archive again.");
    }
  }

  /// `HEX.json`, or since Docker 25 `blobs/sha256/HEX`.
  private void requireNamedByDigest(String file, byte[] content) {
    String hex = path(file).name().replaceFirst("\\.json$", "");
    if (hex.length() == DIGITS && !Digest.sha256(content).hex().equals(hex)) {
      throw archive.wrong(
          "the configuration %s is damaged: its digest is %s"
              .formatted(file, Digest.sha256(content)),
          "Make or fetch the archive again.");
    }
  }

  private Descriptor place(Path blobs, String file, Digest diffId) throws IOException {
    Path source = archive.require(path(file), "a layer");
    Path blob = blobs.resolve(diffId.hex());
    requireUncompressed(file, source);
    if (!Files.exists(blob)) {
      // A copy would do as well, but two layers may be one file.
      Files.createLink(blob, source);
    }
    return new Descriptor(Compression.NONE.layerMediaType(), diffId, Files.size(blob));
  }

  private void requireUncompressed(String file, Path source) throws IOException {
    byte[] magic;
    try (var stream = Files.newInputStream(source)) {
      magic = stream.readNBytes(2);
    }
    if (magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
      throw archive.wrong(
          "its layer " + file + " is compressed by itself, which Docker's are not",
          "Convert the archive: skopeo copy %s oci:DIRECTORY:NAME.".formatted(name));
    }
  }

  private static Descriptor place(Path blobs, String mediaType, byte[] content) throws IOException {
    Digest digest = Digest.sha256(content);
    Files.write(blobs.resolve(digest.hex()), content);
    return new Descriptor(mediaType, digest, content.length);
  }

  private byte[] read(Path file) throws IOException {
    if (Files.size(file) > LARGEST_DOCUMENT) {
      throw archive.wrong(
          "a JSON document has more than %d MiB".formatted(LARGEST_DOCUMENT >> 20),
          "Make the image with less in its labels.");
    }
    return Files.readAllBytes(file);
  }
}
