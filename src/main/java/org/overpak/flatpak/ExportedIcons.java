package org.overpak.flatpak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Which icons Flatpak exports: square ones of PNG or JPEG of at most 512 pixels, or of SVG,
/// whatever their names say. `flatpak build-export` refuses an app that has others in the theme
/// `hicolor` (`flatpak-builtins-build-export.c:validate_exported_icons`,
/// `icon-validator/validate-icon.c`).
final class ExportedIcons {
  static final TreePath THEME = new TreePath("share/icons/hicolor");

  private static final int LARGEST = 512;
  private static final int LARGEST_SVG = 4096;

  private static final long PNG = 0x89504e470d0a1a0aL;
  private static final int JPEG = 0xffd8ff;

  private ExportedIcons() {}

  /// @param exports with paths below `export`
  /// @throws OverpakException (PACKAGE) naming each icon that Flatpak would refuse
  static void check(FileTree exports) {
    List<String> wrong = new ArrayList<>();
    exports
        .subtree(THEME)
        .entries()
        .forEach(
            (path, entry) -> {
              if (entry instanceof Entry.RegularFile file) {
                String why = refusal(file.content());
                if (!why.isEmpty()) {
                  wrong.add("/app" + THEME.resolve(path) + ": " + why);
                }
              }
            });
    if (!wrong.isEmpty()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "Flatpak does not export an app with such icons: " + String.join("; ", wrong),
          "Correct the package that brings them, or remove them in 'cleanup-commands'.");
    }
  }

  /// Empty if nothing is wrong, or too much would have to be read to tell.
  private static String refusal(Content content) {
    if (content.size() > XmlReader.LARGEST) {
      return "";
    }
    try {
      byte[] bytes = content.readAll();
      var start = ByteBuffer.allocate(8).put(bytes, 0, Math.min(8, bytes.length)).rewind();
      if (start.getLong(0) == PNG) {
        PngImage image = PngReader.read(bytes, LARGEST);
        return refusal(image.width(), image.height(), LARGEST);
      }
      if (start.getInt(0) >>> 8 == JPEG) {
        return jpeg(ByteBuffer.wrap(bytes));
      }
      SvgImage image = SvgImage.read(SvgImage.decompressed(bytes));
      return image.width().isEmpty() || image.height().isEmpty()
          ? ""
          : refusal(image.width().getAsInt(), image.height().getAsInt(), LARGEST_SVG);
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String refusal(int width, int height, int largest) {
    if (width > largest || height > largest) {
      return "it has %d×%d pixels, where %d are allowed".formatted(width, height, largest);
    }
    if (width == 0 || height == 0) {
      return "it has no size";
    }
    return width == height ? "" : "it is not square, but has %d×%d pixels".formatted(width, height);
  }

  /// Reads up to the frame header ([JPEG](https://www.w3.org/Graphics/JPEG/itu-t81.pdf), B.1.1.3).
  private static String jpeg(ByteBuffer in) {
    try {
      in.position(2);
      while (true) {
        int marker = in.getShort() & 0xffff;
        int length = in.getShort() & 0xffff;
        if (isFrame(marker)) {
          int height = in.getShort(in.position() + 1) & 0xffff;
          int width = in.getShort(in.position() + 3) & 0xffff;
          return refusal(width, height, LARGEST);
        }
        in.position(in.position() + length - 2);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IllegalArgumentException("it is a JPEG that ends too early", e);
    }
  }

  /// SOF0 to SOF15, without DHT, JPG and DAC among them.
  private static boolean isFrame(int marker) {
    return marker >= 0xffc0
        && marker <= 0xffcf
        && marker != 0xffc4
        && marker != 0xffc8
        && marker != 0xffcc;
  }
}
