package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Pictures as Java's own decoder sees them.
class PngReaderTest {
  private static final int LARGEST = 64;

  static Stream<Arguments> kinds() {
    return Stream.of(
            BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_USHORT_GRAY,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_BINARY)
        .flatMap(type -> Stream.of(Arguments.of(type, false), Arguments.of(type, true)));
  }

  private static BufferedImage picture(int type) {
    var image = new BufferedImage(13, 11, type);
    var random = new Random(type);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }

  private static byte[] png(BufferedImage image, boolean interlaced) throws IOException {
    ImageWriter writer =
        ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(image), "png").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setProgressiveMode(
        interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    var out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    }
    writer.dispose();
    return out.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindIsDecoded(int type, boolean interlaced) throws IOException {
    BufferedImage image = picture(type);
    PngImage decoded = PngReader.read(png(image, interlaced), LARGEST);
    boolean grey = type == BufferedImage.TYPE_BYTE_GRAY || type == BufferedImage.TYPE_USHORT_GRAY;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int pixel = decoded.pixels()[y * image.getWidth() + x];
        if (grey) {
          // Java takes grey for linear light when it is asked for colours.
          int sample = image.getRaster().getSample(x, y, 0);
          assertThat(pixel & 0xff)
              .isEqualTo(type == BufferedImage.TYPE_BYTE_GRAY ? sample : sample >> 8);
        } else {
          assertThat(pixel).isEqualTo(image.getRGB(x, y));
        }
      }
    }
  }

  @Test
  void whatIsWrittenIsTheSamePicture() throws IOException {
    BufferedImage image = picture(BufferedImage.TYPE_INT_ARGB);
    PngImage decoded = PngReader.read(png(image, false), LARGEST);
    BufferedImage again = ImageIO.read(new ByteArrayInputStream(decoded.png()));
    assertThat(again.getRGB(0, 0, 13, 11, null, 0, 13))
        .isEqualTo(image.getRGB(0, 0, 13, 11, null, 0, 13));
    assertThat(PngReader.read(decoded.png(), LARGEST).pixels()).isEqualTo(decoded.pixels());
  }

  @Test
  void whatIsScaledHasTheMeanColours() {
    var image = new PngImage(4, 4, new int[16]);
    Arrays.fill(image.pixels(), 0xff102030);
    image.pixels()[0] = 0;
    image.pixels()[1] = 0;
    image.pixels()[4] = 0xffffffff;
    image.pixels()[5] = 0xffffffff;
    assertThat(image.scaled(2).pixels())
        .containsExactly(0x80ffffff, 0xff102030, 0xff102030, 0xff102030);
  }

  @Test
  void whatIsDamagedIsRefused() throws IOException {
    byte[] good = png(picture(BufferedImage.TYPE_INT_ARGB), true);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> PngReader.read(cut, LARGEST))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (int at = 0; at < good.length; at++) {
      byte[] flipped = good.clone();
      flipped[at] ^= 0x10;
      assertThatThrownBy(() -> PngReader.read(flipped, LARGEST))
          .as("byte %d", at)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> PngReader.read(good, 12))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too large");
  }
}
