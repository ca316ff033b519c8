package org.overpak.flatpak;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decodes a PNG of any kind ([PNG](https://www.w3.org/TR/png-3/)). Java's own decoder looks at no
/// checksum, so that it takes what Flatpak's refuses, has grey for linear light, and takes each
/// build 60 ms to load.
final class PngReader {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;

  /// Where the passes of an interlaced image begin, and how far their pixels are apart.
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int GREY = 0;
  private static final int COLOUR = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int COLOUR_ALPHA = 6;

  private int width;
  private int height;
  private int depth;
  private int type;
  private boolean interlaced;
  private byte[] palette = new byte[0];
  private byte[] transparency = new byte[0];
  private int[] pixels = new int[0];

  private PngReader() {}

  /// @throws IllegalArgumentException if BYTES are no PNG, damaged, or of more than LARGEST pixels
  ///   in a row or column
  static PngImage read(byte[] bytes, int largest) {
    try {
      return new PngReader().decode(ByteBuffer.wrap(bytes), largest);
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      throw new IllegalArgumentException("it ends too early", e);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("its pixels cannot be decompressed", e);
    }
  }

  private PngImage decode(ByteBuffer in, int largest) throws DataFormatException {
    require(in.remaining() > 8 && in.getLong() == SIGNATURE, "it is no PNG");
    var compressed = new ByteArrayOutputStream();
    for (String chunk = ""; !chunk.equals("IEND"); ) {
      int length = in.getInt();
      require(length >= 0 && length <= in.remaining() - 8, "it ends too early");
      var crc = new CRC32();
      crc.update(in.slice(in.position(), length + 4));
      byte[] name = new byte[4];
      in.get(name);
      chunk = new String(name, StandardCharsets.ISO_8859_1);
      byte[] data = new byte[length];
      in.get(data);
      require(in.getInt() == (int) crc.getValue(), "its chunk " + chunk + " is damaged");
      switch (chunk) {
        case "IHDR" -> header(ByteBuffer.wrap(data), largest);
        case "PLTE" -> palette = data;
        case "tRNS" -> transparency = data;
        case "IDAT" -> compressed.writeBytes(data);
        default -> {
          // Says nothing of the pixels.
        }
      }
    }
    require(width > 0, "it has no header");
    unpack(compressed.toByteArray());
    return new PngImage(width, height, pixels);
  }

  private void header(ByteBuffer data, int largest) {
    width = data.getInt();
    height = data.getInt();
    depth = data.get();
    type = data.get();
    data.getShort();
    interlaced = data.get() != 0;
    require(width > 0 && height > 0 && width <= largest && height <= largest, "it is too large");
    boolean known =
        switch (type) {
          case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case COLOUR, GREY_ALPHA, COLOUR_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    require(known, "it is of an unknown kind");
    pixels = new int[width * height];
  }

  private int channels() {
    return switch (type) {
      case GREY_ALPHA -> 2;
      case COLOUR -> 3;
      case COLOUR_ALPHA -> 4;
      default -> 1;
    };
  }

  private void unpack(byte[] compressed) throws DataFormatException {
    try (var inflater = new Inflater()) {
      inflater.setInput(compressed);
      int[][] passes = interlaced ? ADAM7 : new int[][] {{0, 0, 1, 1}};
      for (int[] pass : passes) {
        int columns = (width - pass[0] + pass[2] - 1) / pass[2];
        int rows = (height - pass[1] + pass[3] - 1) / pass[3];
        if (columns > 0 && rows > 0) {
          unpack(inflater, pass, columns, rows);
        }
      }
    }
  }

  private void unpack(Inflater inflater, int[] pass, int columns, int rows)
      throws DataFormatException {
    int step = Math.max(1, channels() * depth / 8);
    byte[] above = new byte[(columns * channels() * depth + 7) / 8];
    for (int row = 0; row < rows; row++) {
      byte[] filter = inflate(inflater, 1);
      byte[] line = inflate(inflater, above.length);
      unfilter(filter[0], line, above, step);
      for (int column = 0; column < columns; column++) {
        int x = pass[0] + column * pass[2];
        int y = pass[1] + row * pass[3];
        pixels[y * width + x] = pixel(line, column);
      }
      above = line;
    }
  }

  private static byte[] inflate(Inflater inflater, int length) throws DataFormatException {
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; ) {
      int count = inflater.inflate(bytes, at, length - at);
      require(count > 0, "its pixels end too early");
      at += count;
    }
    return bytes;
  }

  private static void unfilter(int filter, byte[] line, byte[] above, int step) {
    require(filter >= 0 && filter <= 4, "its pixels have an unknown filter");
    for (int i = 0; i < line.length; i++) {
      int left = i < step ? 0 : line[i - step] & 0xff;
      int up = above[i] & 0xff;
      int corner = i < step ? 0 : above[i - step] & 0xff;
      line[i] +=
          (byte)
              switch (filter) {
                case 1 -> left;
                case 2 -> up;
                case 3 -> (left + up) / 2;
                case 4 -> paeth(left, up, corner);
                default -> 0;
              };
    }
  }

  private static int paeth(int left, int up, int corner) {
    int estimate = left + up - corner;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toCorner = Math.abs(estimate - corner);
    return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  }

  /// As alpha, red, green and blue, of 8 bits each.
  private int pixel(byte[] line, int column) {
    int first = column * channels();
    int grey = sample(line, first);
    return switch (type) {
      case PALETTE -> {
        int alpha = grey < transparency.length ? transparency[grey] & 0xff : 255;
        yield argb(alpha, palette[grey * 3], palette[grey * 3 + 1], palette[grey * 3 + 2]);
      }
      case COLOUR, COLOUR_ALPHA -> {
        int green = sample(line, first + 1);
        int blue = sample(line, first + 2);
        boolean hidden =
            transparency.length == 6
                && type == COLOUR
                && key(0) == grey
                && key(1) == green
                && key(2) == blue;
        int alpha = type == COLOUR_ALPHA ? byteOf(sample(line, first + 3)) : hidden ? 0 : 255;
        yield argb(alpha, byteOf(grey), byteOf(green), byteOf(blue));
      }
      default -> {
        boolean hidden = transparency.length == 2 && type == GREY && key(0) == grey;
        int alpha = type == GREY_ALPHA ? byteOf(sample(line, first + 1)) : hidden ? 0 : 255;
        yield argb(alpha, byteOf(grey), byteOf(grey), byteOf(grey));
      }
    };
  }

  /// A sample of the colour that is transparent.
  private int key(int channel) {
    return word(transparency, channel);
  }

  private int sample(byte[] line, int index) {
    return switch (depth) {
      case 16 -> word(line, index);
      case 8 -> line[index] & 0xff;
      default -> {
        int bit = index * depth;
        yield (line[bit / 8] >> (8 - depth - bit % 8)) & ((1 << depth) - 1);
      }
    };
  }

  private static int word(byte[] bytes, int index) {
    return ((bytes[2 * index] & 0xff) << 8) | (bytes[2 * index + 1] & 0xff);
  }

  private int byteOf(int sample) {
    return depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1);
  }

  private static int argb(int alpha, int red, int green, int blue) {
    return (alpha << 24) | ((red & 0xff) << 16) | ((green & 0xff) << 8) | (blue & 0xff);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
