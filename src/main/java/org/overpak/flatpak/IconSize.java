package org.overpak.flatpak;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.overpak.tree.Content;

/// The sizes of icons that Flatpak takes into catalogues
/// (`flatpak-builtins-build-bundle.c:iterate_bundle_icons`).
enum IconSize {
  SMALL(64),
  LARGE(128);

  /// The signature, and the first chunk up to width and height
  /// ([PNG](https://www.w3.org/TR/png-3/#11IHDR)).
  private static final int PNG_HEADER = 24;

  private static final long PNG_SIGNATURE = 0x89504e470d0a1a0aL;

  private final int pixels;

  IconSize(int pixels) {
    this.pixels = pixels;
  }

  int pixels() {
    return pixels;
  }

  /// As in the names of directories, `64x64`.
  String directory() {
    return pixels + "x" + pixels;
  }

  /// Where a theme has icons of that many pixels: the size itself, and half of it for screens of
  /// double density.
  Stream<String> directories() {
    return Stream.of(directory(), pixels / 2 + "x" + pixels / 2 + "@2");
  }

  /// How a catalogue names the icon of the app ID.
  XmlNode.Element cachedIcon(String id) {
    return XmlNode.Element.of("icon", id + ".png")
        .with("type", "cached")
        .with("width", Integer.toString(pixels))
        .with("height", Integer.toString(pixels));
  }

  /// Whether CONTENT is a PNG of this size.
  boolean isSizeOf(Content content) {
    if (content.size() < PNG_HEADER) {
      return false;
    }
    try (InputStream stream = content.open()) {
      var header = ByteBuffer.wrap(stream.readNBytes(PNG_HEADER));
      return header.getLong(0) == PNG_SIGNATURE
          && header.getInt(16) == pixels
          && header.getInt(20) == pixels;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
