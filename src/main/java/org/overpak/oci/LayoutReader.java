package org.overpak.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Finds an image in a layout and reads what describes it.
final class LayoutReader {
  static final String REFERENCE = "org.opencontainers.image.ref.name";
  static final String VERSION = "1.0.0";

  /// Most bytes of a JSON document. Registries take manifests of 4 MiB; a config may carry icons
  /// and AppStream data in its labels.
  static final int LARGEST_DOCUMENT = 64 << 20;

  private final ImageName.Layout name;

  /// How the user called the image.
  private final ImageName shown;

  LayoutReader(ImageName.Layout name) {
    this(name, name);
  }

  private LayoutReader(ImageName.Layout name, ImageName shown) {
    this.name = name;
    this.shown = shown;
  }

  static Image open(ImageName.Layout name) {
    return open(name, name);
  }

  /// The image NAME of a layout that was made for it, which the user called SHOWN.
  static Image open(ImageName.Layout name, ImageName shown) {
    var reader = new LayoutReader(name, shown);
    Entry entry = reader.choose(reader.entries());
    return reader.read(entry.reference(), entry.document().descriptor());
  }

  /// The layout as messages call it: its directory, or what it was in.
  private String place() {
    return switch (shown) {
      case ImageName.Layout layout -> layout.directory().toString();
      case ImageName.LayoutArchive archive -> archive.file().toString();
      case ImageName.DockerArchive _, ImageName.Directory _, ImageName.Storage _ ->
          shown.toString();
    };
  }

  private String where(Path file) {
    return shown.equals(name)
        ? file.toString()
        : "%s of %s".formatted(name.directory().relativize(file), place());
  }

  /// How the user would call the image REFERENCE of this layout.
  private ImageName called(String reference) {
    if (reference.isEmpty()) {
      return shown;
    }
    return switch (shown) {
      case ImageName.Layout layout -> layout.withReference(reference);
      case ImageName.LayoutArchive archive ->
          new ImageName.LayoutArchive(archive.file(), reference);
      case ImageName.DockerArchive _, ImageName.Directory _, ImageName.Storage _ -> shown;
    };
  }

  /// One descriptor of the index.
  private record Entry(String reference, String mediaType, JsonDocument document) {
    static Entry of(JsonDocument document) {
      var annotations = document.textsByName("annotations");
      return new Entry(
          annotations.getOrDefault(REFERENCE, ""), document.requiredText("mediaType"), document);
    }

    String shown() {
      return reference.isEmpty() ? "(an image without a name)" : reference;
    }
  }

  List<String> references() {
    return entries().stream().map(Entry::reference).filter(text -> !text.isEmpty()).toList();
  }

  private List<Entry> entries() {
    return index().objects("manifests").stream().map(Entry::of).toList();
  }

  JsonDocument index() {
    checkVersion();
    Path file = name.directory().resolve("index.json");
    JsonDocument index = JsonDocument.parse(readDocument(file), where(file));
    if (index.requiredNumber("schemaVersion") != 2) {
      throw index.damaged("its schemaVersion is not 2");
    }
    return index;
  }

  private void checkVersion() {
    Path directory = name.directory();
    if (!Files.exists(directory)) {
      throw wrong("there is no directory " + directory, "Check the name of the image.");
    }
    Path file = directory.resolve("oci-layout");
    if (!Files.exists(file)) {
      throw wrong(
          place() + " is no OCI image layout: it has no file oci-layout",
          "Name what holds oci-layout, index.json and blobs.");
    }
    JsonDocument layout = JsonDocument.parse(readDocument(file), where(file));
    String version = layout.requiredText("imageLayoutVersion");
    if (!version.equals(VERSION)) {
      throw wrong(
          "%s has layout version '%s', only %s can be read".formatted(place(), version, VERSION),
          "Convert it, for instance with skopeo copy.");
    }
  }

  private Entry choose(List<Entry> entries) {
    List<Entry> fitting =
        name.hasReference()
            ? entries.stream().filter(e -> e.reference().equals(name.reference())).toList()
            : entries;
    if (fitting.size() > 1) {
      // Several of one name are one image for several architectures.
      List<Entry> here =
          fitting.stream()
              .filter(e -> Platform.of(e.document()).equals(Platform.OF_THIS_MACHINE))
              .toList();
      boolean oneName = fitting.stream().map(Entry::reference).distinct().count() == 1;
      fitting = oneName && here.size() == 1 ? here : fitting;
    }
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    String there = entries.stream().map(Entry::shown).collect(Collectors.joining(", "));
    if (entries.isEmpty()) {
      throw wrong(place() + " holds no image", "Check the name of the image.");
    }
    if (fitting.isEmpty()) {
      throw wrong(
          "%s holds no image called '%s'; it holds %s".formatted(place(), name.reference(), there),
          "Name one of these.");
    }
    throw name.hasReference()
        ? wrong(
            "%s holds %d images called '%s'".formatted(place(), fitting.size(), name.reference()),
            "Remove all but one, for instance by copying the wanted one to a new layout.")
        : wrong(
            "%s holds %d images: %s".formatted(place(), entries.size(), there),
            "Name one of them: %s:NAME.".formatted(shown));
  }

  private Image read(String reference, Descriptor descriptor) {
    ImageName full = called(reference);
    if (MediaType.INDEXES.contains(descriptor.mediaType())) {
      return read(reference, ofThisMachine(readBlob(descriptor, "the index of " + full), full));
    }
    requireType(descriptor, MediaType.MANIFESTS, "an image manifest");
    JsonDocument manifest = readBlob(descriptor, "the manifest of " + full);
    // OCI leaves it open to name the type inside; what is named must be true.
    manifest
        .text("mediaType")
        .filter(type -> !type.equals(descriptor.mediaType()))
        .ifPresent(
            type -> {
              throw manifest.damaged(
                  "it says of itself to be '%s', the index says '%s'"
                      .formatted(type, descriptor.mediaType()));
            });
    if (manifest.requiredNumber("schemaVersion") != 2) {
      throw manifest.damaged("its schemaVersion is not 2");
    }
    Descriptor configDescriptor = manifest.requiredObject("config").descriptor();
    requireType(configDescriptor, MediaType.CONFIGS, "an image configuration");
    JsonDocument config = readBlob(configDescriptor, "the configuration of " + full);
    return new Image(
        full,
        descriptor.digest(),
        ConfigReader.read(config, manifest.textsByName("annotations")),
        layers(manifest, config));
  }

  /// As skopeo and podman choose from an index; one inside another, which nobody writes, is
  /// refused.
  private Descriptor ofThisMachine(JsonDocument index, ImageName full) {
    List<JsonDocument> images = index.objects("manifests");
    return images.stream()
        .filter(image -> Platform.of(image).equals(Platform.OF_THIS_MACHINE))
        .map(JsonDocument::descriptor)
        .filter(image -> !MediaType.INDEXES.contains(image.mediaType()))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    "%s is an index of images, none of which is for %s: they are for %s"
                        .formatted(
                            full,
                            Platform.OF_THIS_MACHINE,
                            images.stream()
                                .map(image -> Platform.of(image).toString())
                                .collect(Collectors.joining(", "))),
                    "Copy the image of one architecture out of it: skopeo copy"
                        + " --override-arch=ARCHITECTURE."));
  }

  static List<Digest> diffIds(JsonDocument config) {
    JsonDocument rootfs = config.requiredObject("rootfs");
    return rootfs.texts("diff_ids").stream().map(id -> rootfs.asDigest("diff_ids", id)).toList();
  }

  private List<Layer> layers(JsonDocument manifest, JsonDocument config) {
    List<Descriptor> descriptors =
        manifest.objects("layers").stream().map(JsonDocument::descriptor).toList();
    List<Digest> diffIds = diffIds(config);
    if (descriptors.isEmpty()) {
      throw manifest.damaged("it has no layers");
    }
    if (descriptors.size() != diffIds.size()) {
      throw manifest.damaged(
          "it has %d layers, but the configuration has %d diff_ids"
              .formatted(descriptors.size(), diffIds.size()));
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < descriptors.size(); i++) {
      Descriptor layer = descriptors.get(i);
      if (MediaType.layerCompression(layer.mediaType()).isEmpty()) {
        throw manifest.unsupported(
            "its layer %s has the type '%s', which is not supported"
                .formatted(layer.digest(), layer.mediaType()));
      }
      layers.add(new Layer(layer, diffIds.get(i), requireBlob(layer)));
    }
    return layers;
  }

  private void requireType(Descriptor descriptor, Set<String> types, String what) {
    if (!types.contains(descriptor.mediaType())) {
      throw wrong(
          "%s of %s is not %s but '%s'"
              .formatted(descriptor.digest(), name, what, descriptor.mediaType()),
          "Name a container image.");
    }
  }

  private JsonDocument readBlob(Descriptor descriptor, String what) {
    byte[] bytes = readDocument(requireBlob(descriptor));
    MessageDigest digest = descriptor.digest().algorithm().start();
    digest.update(bytes);
    Digest actual = Digest.finish(descriptor.digest().algorithm(), digest);
    if (!actual.equals(descriptor.digest())) {
      throw wrong(
          "%s is damaged: its digest is %s, not %s".formatted(what, actual, descriptor.digest()),
          "Make or fetch the image again.");
    }
    return JsonDocument.parse(bytes, what);
  }

  /// The file of a blob, which is there and as long as it must be.
  private Path requireBlob(Descriptor descriptor) {
    Path blob = blob(name.directory(), descriptor.digest());
    Optional<Long> size = size(blob);
    if (size.isEmpty()) {
      throw wrong(
          "%s is incomplete: the blob %s is missing".formatted(shown, descriptor.digest()),
          "Make or fetch the image again.");
    }
    if (size.get() != descriptor.size()) {
      throw wrong(
          "%s is damaged: the blob %s has %d bytes, not %d"
              .formatted(shown, descriptor.digest(), size.get(), descriptor.size()),
          "Make or fetch the image again.");
    }
    return blob;
  }

  static Path blob(Path directory, Digest digest) {
    String text = digest.toString();
    return directory
        .resolve("blobs")
        .resolve(text.substring(0, text.indexOf(':')))
        .resolve(digest.hex());
  }

  private static Optional<Long> size(Path file) {
    try {
      return Optional.of(Files.size(file));
    } catch (NoSuchFileException | NotDirectoryException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw WriteFailure.unreadable(file, e);
    }
  }

  private byte[] readDocument(Path file) {
    try (var stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(LARGEST_DOCUMENT + 1);
      if (bytes.length > LARGEST_DOCUMENT) {
        throw wrong(
            "%s is larger than the %d MiB that are read of such a document"
                .formatted(where(file), LARGEST_DOCUMENT >> 20),
            "Make the image with less in its labels.");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw wrong(
          "%s is incomplete: %s is missing".formatted(shown, where(file)),
          "Make or fetch the image again.");
    } catch (IOException e) {
      throw WriteFailure.unreadable(file, e);
    }
  }

  private static OverpakException wrong(String message, String advice) {
    return new OverpakException(ExitCode.IMAGE, message, advice);
  }
}
