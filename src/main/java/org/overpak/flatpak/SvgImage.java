package org.overpak.flatpak;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.overpak.xml.HostileXml;

/// The size of an SVG image as librsvg tells gdk-pixbuf
/// ([SVG](https://www.w3.org/TR/SVG2/coords.html#SizingSVGInCSS)).
///
/// @param width in pixels; empty where it follows from what is drawn, which is not looked at
record SvgImage(OptionalInt width, OptionalInt height) {
  private static final int DEEPEST = 1000;
  private static final int MOST_ATTRIBUTES = 500;

  /// Those of gdk-pixbuf's loader, where CSS has 96.
  private static final double DOTS_PER_INCH = 90;

  private static final double FONT_SIZE = 12;

  private static final Pattern LENGTH =
      Pattern.compile("([+]?[0-9]*\\.?[0-9]+(?:e[+-]?[0-9]+)?)\\s*([a-z%]*)");

  private static final Pattern BOX =
      Pattern.compile("\\S+[\\s,]+\\S+[\\s,]+([0-9.e+-]+)[\\s,]+([0-9.e+-]+)");

  private static final class Factory {
    static final XMLInputFactory SAFE =
        HostileXml.factory(DEEPEST, XmlReader.LARGEST, MOST_ATTRIBUTES, XmlReader.LARGEST);
  }

  private record Box(double width, double height) {}

  /// BYTES, or what they hold if they are compressed by gzip, whatever their name says.
  ///
  /// @throws IllegalArgumentException if they are damaged, or too many
  static byte[] decompressed(byte[] bytes) {
    if (bytes.length < 2 || bytes[0] != (byte) 0x1f || bytes[1] != (byte) 0x8b) {
      return bytes;
    }
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] result = gzip.readNBytes(XmlReader.LARGEST + 1);
      if (result.length <= XmlReader.LARGEST) {
        return result;
      }
      throw new IOException("larger than %d bytes".formatted(XmlReader.LARGEST));
    } catch (IOException e) {
      throw new IllegalArgumentException("it cannot be decompressed: " + e.getMessage(), e);
    }
  }

  /// @throws IllegalArgumentException if BYTES are no well-formed XML, or of something else
  static SvgImage read(byte[] bytes) {
    try {
      XMLStreamReader reader = Factory.SAFE.createXMLStreamReader(new ByteArrayInputStream(bytes));
      try {
        while (reader.next() != XMLStreamConstants.START_ELEMENT) {
          // What may stand before the outermost element says nothing of it.
        }
        if (!reader.getLocalName().equals("svg")) {
          throw new IllegalArgumentException(
              "it is neither PNG nor JPEG nor SVG: its root is <" + reader.getLocalName() + ">");
        }
        SvgImage image =
            of(
                attribute(reader, "width"),
                attribute(reader, "height"),
                box(attribute(reader, "viewBox")));
        while (reader.hasNext()) {
          reader.next();
        }
        return image;
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      // Declared entities are unknown to us, and may be anywhere.
      if (new String(bytes, StandardCharsets.ISO_8859_1).contains("<!ENTITY")) {
        return new SvgImage(OptionalInt.empty(), OptionalInt.empty());
      }
      @Nullable String message = e.getMessage();
      throw new IllegalArgumentException(
          "it is neither PNG nor JPEG nor well-formed SVG: "
              + (message == null ? "not XML" : message.lines().findFirst().orElse("not XML")),
          e);
    }
  }

  private static String attribute(XMLStreamReader reader, String name) {
    @Nullable String value = reader.getAttributeValue(null, name);
    return value == null ? "" : value.strip();
  }

  private static @Nullable Box box(String text) {
    Matcher matcher = BOX.matcher(text);
    try {
      if (matcher.matches()) {
        var box =
            new Box(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
        return box.width() > 0 && box.height() > 0 ? box : null;
      }
    } catch (NumberFormatException _) {
      // As if it were not there.
    }
    return null;
  }

  /// Where one is missing, it follows from the other.
  private static SvgImage of(String widthText, String heightText, @Nullable Box box) {
    OptionalDouble width = length(widthText, box == null ? 0 : box.width());
    OptionalDouble height = length(heightText, box == null ? 0 : box.height());
    if (box != null && width.isEmpty() && height.isEmpty()) {
      width = OptionalDouble.of(box.width());
      height = OptionalDouble.of(box.height());
    } else if (box != null && width.isEmpty()) {
      width = OptionalDouble.of(height.orElseThrow() * box.width() / box.height());
    } else if (box != null && height.isEmpty()) {
      height = OptionalDouble.of(width.orElseThrow() * box.height() / box.width());
    }
    return new SvgImage(pixels(width), pixels(height));
  }

  private static OptionalInt pixels(OptionalDouble length) {
    return length.isPresent()
        ? OptionalInt.of((int) Math.floor(length.getAsDouble() + 0.5))
        : OptionalInt.empty();
  }

  /// @param whole what per cents are of; 0 if that is not known
  private static OptionalDouble length(String text, double whole) {
    Matcher matcher = LENGTH.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return OptionalDouble.empty();
    }
    double number = Double.parseDouble(matcher.group(1));
    double unit =
        switch (matcher.group(2)) {
          case "", "px" -> 1;
          case "in" -> DOTS_PER_INCH;
          case "cm" -> DOTS_PER_INCH / 2.54;
          case "mm" -> DOTS_PER_INCH / 25.4;
          case "pt" -> DOTS_PER_INCH / 72;
          case "pc" -> DOTS_PER_INCH / 6;
          case "em" -> FONT_SIZE;
          case "ex" -> FONT_SIZE / 2;
          case "%" -> whole / 100;
          default -> 0;
        };
    return unit == 0 ? OptionalDouble.empty() : OptionalDouble.of(number * unit);
  }
}
