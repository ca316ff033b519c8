package org.overpak.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Images of `dir:`: `version`, `manifest.json`, and each blob under its digest without the
/// algorithm (containers-transports(5)).
final class DirectoryImage {
  static final String VERSION = "Directory Transport Version: 1.1\n";
  static final String MANIFEST = "manifest.json";

  private DirectoryImage() {}

  /// As a layout of links, so that it is verified as any other.
  static Image open(ImageName.Directory name, Path scratch) {
    Path manifest = name.directory().resolve(MANIFEST);
    byte[] bytes;
    try (var stream = Files.newInputStream(manifest)) {
      bytes = stream.readNBytes(LayoutReader.LARGEST_DOCUMENT + 1);
    } catch (NoSuchFileException e) {
      throw wrong("there is no image in " + name.directory(), e);
    } catch (IOException e) {
      throw wrong(manifest + " cannot be read: " + WriteFailure.reason(e), e);
    }
    if (bytes.length > LayoutReader.LARGEST_DOCUMENT) {
      throw new OverpakException(
          ExitCode.IMAGE,
          manifest + " is larger than a manifest may be",
          "Make or fetch the image again.");
    }
    JsonDocument document = JsonDocument.parse(bytes, manifest.toString());
    String type = document.text("mediaType").orElse(MediaType.MANIFEST);
    try {
      Path work = Files.createTempDirectory(Files.createDirectories(scratch), "dir");
      Path layout = Files.createDirectory(work.resolve("layout"));
      Descriptor descriptor = new Descriptor(type, Digest.sha256(bytes), bytes.length);
      Path blob = LayoutReader.blob(layout, descriptor.digest());
      Files.createDirectories(blob.resolveSibling(""));
      Files.write(blob, bytes);
      for (Descriptor part : parts(document)) {
        Path link = LayoutReader.blob(layout, part.digest());
        Files.createDirectories(link.resolveSibling(""));
        Path file = name.directory().resolve(part.digest().hex()).toAbsolutePath();
        if (Files.isRegularFile(file) && !Files.exists(link)) {
          Files.createSymbolicLink(link, file);
        }
      }
      return LayoutReader.open(LayoutWriter.complete(layout, descriptor), name);
    } catch (IOException e) {
      throw WriteFailure.of(scratch, 0, e);
    }
  }

  /// Nothing of an index, which the reader has its own word for.
  private static List<Descriptor> parts(JsonDocument manifest) {
    List<Descriptor> parts = new ArrayList<>();
    manifest.object("config").map(JsonDocument::descriptor).ifPresent(parts::add);
    manifest.objects("layers").stream().map(JsonDocument::descriptor).forEach(parts::add);
    return parts;
  }

  private static OverpakException wrong(String message, IOException cause) {
    return new OverpakException(
        ExitCode.IMAGE, message, "Name a directory that skopeo copy … dir:DIRECTORY wrote.", cause);
  }
}
