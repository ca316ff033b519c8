package org.overpak.flatpak;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// A picture, decoded.
///
/// @param pixels row by row: alpha, red, green and blue, of 8 bits each
@SuppressWarnings("ArrayRecordComponent") // never compared
record PngImage(int width, int height, int[] pixels) {

  /// This picture in SIZE columns and rows: each pixel is the mean of what it covers.
  PngImage scaled(int size) {
    int[] result = new int[size * size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        result[y * size + x] =
            mean(
                (double) x * width / size,
                (double) (x + 1) * width / size,
                (double) y * height / size,
                (double) (y + 1) * height / size);
      }
    }
    return new PngImage(size, size, result);
  }

  /// Colours count as much as they are opaque.
  private int mean(double left, double right, double top, double bottom) {
    double[] sums = new double[4];
    double area = 0;
    for (int y = (int) top; y < Math.min(height, Math.ceil(bottom)); y++) {
      double rows = Math.min(bottom, y + 1) - Math.max(top, y);
      for (int x = (int) left; x < Math.min(width, Math.ceil(right)); x++) {
        double weight = rows * (Math.min(right, x + 1) - Math.max(left, x));
        int pixel = pixels[y * width + x];
        double alpha = weight * (pixel >>> 24);
        area += weight;
        sums[0] += alpha;
        sums[1] += alpha * ((pixel >> 16) & 0xff);
        sums[2] += alpha * ((pixel >> 8) & 0xff);
        sums[3] += alpha * (pixel & 0xff);
      }
    }
    if (sums[0] == 0) {
      return 0;
    }
    int result = (int) Math.round(sums[0] / area);
    for (int channel = 1; channel < 4; channel++) {
      result = (result << 8) | (int) Math.round(sums[channel] / sums[0]);
    }
    return result;
  }

  /// A PNG with 8 bits for each colour and alpha.
  byte[] png() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(8).putLong(0x89504e470d0a1a0aL).array());
    chunk(
        out,
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 6, 0, 0, 0})
            .array());
    var lines = ByteBuffer.allocate(height * (1 + 4 * width));
    for (int y = 0; y < height; y++) {
      lines.put((byte) 0);
      for (int x = 0; x < width; x++) {
        lines.putInt(Integer.rotateLeft(pixels[y * width + x], 8));
      }
    }
    chunk(out, "IDAT", deflate(lines.array()));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] buffer = new byte[1 << 14];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String name, byte[] data) {
    byte[] all =
        ByteBuffer.allocate(4 + data.length)
            .put(name.getBytes(StandardCharsets.US_ASCII))
            .put(data)
            .array();
    var crc = new CRC32();
    crc.update(all);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(all);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
