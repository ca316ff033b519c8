package org.overpak.flatpak;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.DocumentLimits;
import com.github.weisj.jsvg.parser.DomDocument;
import com.github.weisj.jsvg.parser.ElementLoader;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.parser.resources.ResourcePolicy;
import java.awt.Component;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogManager;
import javax.xml.namespace.QName;
import javax.xml.stream.EventFilter;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import org.jspecify.annotations.Nullable;
import org.overpak.xml.HostileXml;

/// The program that [SvgRenderer] starts: draws the SVG of its input in each SIZE, and ends by itself
/// after SECONDS.
///
///     SvgDrawing SECONDS SIZE...
///
/// Its output is why nothing was drawn, or empty; whether text was left out; and the pixels. Nothing is
/// drawn that would depend on the machine: no text, since fonts would; nothing from other files.
final class SvgDrawing {
  /// The exit code after the time that is granted.
  static final int TOO_LONG = 3;

  private static final int DEEPEST = 200;
  private static final int MOST_ATTRIBUTES = 500;
  private static final DocumentLimits LIMITS = new DocumentLimits(DEEPEST, 32, 100_000);

  private SvgDrawing() {}

  static void main(String[] arguments) throws IOException {
    endAfter(Duration.ofSeconds(Long.parseLong(arguments[0])));
    // What the library logs has no reader.
    LogManager.getLogManager().reset();
    List<BufferedImage> images = new ArrayList<>();
    var leftOut = new LeftOut();
    String failure = "";
    try (InputStream in = new FileInputStream(FileDescriptor.in)) {
      SVGDocument document = read(in.readAllBytes(), leftOut);
      for (int i = 1; i < arguments.length; i++) {
        images.add(draw(document, Integer.parseInt(arguments[i])));
      }
    } catch (XMLStreamException e) {
      @Nullable String message = e.getMessage();
      failure = message == null ? "it is no XML" : message.lines().findFirst().orElse("");
    } catch (OutOfMemoryError _) {
      failure = "drawing it takes too much memory";
    } catch (StackOverflowError _) {
      failure = "its elements are too deep inside each other";
    } catch (IllegalArgumentException e) {
      failure = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      failure = e.toString();
    }
    try (var out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)))) {
      out.writeUTF(failure);
      out.writeBoolean(leftOut.text);
      for (BufferedImage image : failure.isEmpty() ? images : List.<BufferedImage>of()) {
        int size = image.getWidth();
        for (int pixel : image.getRGB(0, 0, size, size, null, 0, size)) {
          out.writeInt(pixel);
        }
      }
    }
  }

  private static void endAfter(Duration time) {
    var end =
        new Thread(
            () -> {
              try {
                Thread.sleep(time);
              } catch (InterruptedException _) {
                // As if the time were over.
              }
              Runtime.getRuntime().halt(TOO_LONG);
            });
    end.setDaemon(true);
    end.start();
  }

  private static SVGDocument read(byte[] svg, LeftOut leftOut) throws XMLStreamException {
    XMLInputFactory factory =
        HostileXml.withEntities(DEEPEST, XmlReader.LARGEST, MOST_ATTRIBUTES, XmlReader.LARGEST);
    ElementLoader own = LoaderContext.createDefault().elementLoader();
    LoaderContext context =
        LoaderContext.builder()
            .externalResourcePolicy(ResourcePolicy.DENY_EXTERNAL)
            .documentLimits(LIMITS)
            .elementLoader(new Fallbacks(own))
            .build();
    XMLEventReader events =
        factory.createFilteredReader(
            factory.createXMLEventReader(new ByteArrayInputStream(svg)), leftOut);
    @Nullable SVGDocument document = new SVGLoader().load(() -> events, null, context);
    if (document == null) {
      // The reason was logged, and is the library's own affair but for this one.
      check(factory, svg);
      throw new IllegalArgumentException("too much is drawn, or refers to itself");
    }
    return document;
  }

  /// @throws XMLStreamException if SVG is not well-formed
  private static void check(XMLInputFactory factory, byte[] svg) throws XMLStreamException {
    XMLEventReader events = factory.createXMLEventReader(new ByteArrayInputStream(svg));
    while (events.hasNext()) {
      events.nextEvent();
    }
  }

  private static BufferedImage draw(SVGDocument document, int size) {
    double width = document.size().getWidth();
    double height = document.size().getHeight();
    if (!(width > 0 && height > 0 && width * height < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("it has no size");
    }
    var image = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB_PRE);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(size / width, size / height);
    document.render((Component) null, graphics, null);
    graphics.dispose();
    return image;
  }

  /// Finds what `url(#gradient) black` names, of which the library knows no colour for want of it.
  private record Fallbacks(ElementLoader loader) implements ElementLoader {
    @Override
    public <T> @Nullable T loadElement(
        Class<T> type, @Nullable String value, DomDocument document) {
      return loader.loadElement(type, value == null ? null : withoutFallback(value), document);
    }

    private static String withoutFallback(String value) {
      int end = value.startsWith("url(") ? value.indexOf(')') : -1;
      return end < 0 ? value : value.substring(0, end + 1);
    }
  }

  /// Passes over text, for which there are no fonts, and pictures that are neither PNG nor JPEG
  /// within the document.
  private static final class LeftOut implements EventFilter {
    private static final QName HREF = new QName("href");
    private static final QName XLINK = new QName("http://www.w3.org/1999/xlink", "href");

    private boolean text;

    /// How many elements are open of what is passed over.
    private int inside;

    @Override
    public boolean accept(XMLEvent event) {
      if (inside > 0) {
        inside += event.isStartElement() ? 1 : event.isEndElement() ? -1 : 0;
        return false;
      }
      if (event.isStartElement() && isLeftOut(event.asStartElement())) {
        inside = 1;
        return false;
      }
      return true;
    }

    private boolean isLeftOut(StartElement element) {
      return switch (element.getName().getLocalPart()) {
        case "text" -> {
          text = true;
          yield true;
        }
        case "image" -> !(isEmbedded(element, HREF) || isEmbedded(element, XLINK));
        default -> false;
      };
    }

    private static boolean isEmbedded(StartElement element, QName name) {
      var reference = element.getAttributeByName(name);
      return reference != null
          && reference.getValue().strip().matches("(?s)data:image/(png|jpe?g)[;,].*");
    }
  }
}
