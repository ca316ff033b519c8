package org.overpak.flatpak;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.xml.HostileXml;

/// Reads an XML file of an app from a hostile package: document types are passed over, entities of
/// its own refused, depth, attributes and text bounded.
final class XmlReader {
  /// The longest metainfo files, with all their translations, are below one MiB.
  static final int LARGEST = 8 << 20;

  /// Metainfo and MIME types are some 6 deep.
  private static final int DEEPEST = 64;

  private static final class Factory {
    static final XMLInputFactory SAFE = create();

    private static XMLInputFactory create() {
      XMLInputFactory factory = HostileXml.factory(DEEPEST, LARGEST, 64);
      // Names keep their prefixes.
      factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
      factory.setProperty(XMLInputFactory.IS_COALESCING, true);
      return factory;
    }
  }

  private final XMLStreamReader reader;
  private final String where;

  private XmlReader(XMLStreamReader reader, String where) {
    this.reader = reader;
    this.where = where;
  }

  /// The outermost element of the document in BYTES.
  ///
  /// @param where the file, for messages
  /// @throws OverpakException (PACKAGE) with line and column, if it is not well-formed
  static XmlNode.Element read(byte[] bytes, String where) {
    try {
      XMLStreamReader reader = Factory.SAFE.createXMLStreamReader(new ByteArrayInputStream(bytes));
      try {
        return new XmlReader(reader, where).document();
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      // Woodstox's own message ends with its location, on a line of its own.
      @Nullable String message = e.getMessage();
      String what = message == null ? "not XML" : message.lines().findFirst().orElse("not XML");
      throw malformed(where, e.getLocation(), what, e);
    }
  }

  private XmlNode.Element document() throws XMLStreamException {
    while (reader.next() != XMLStreamConstants.START_ELEMENT) {
      // What may stand before the outermost element says nothing of it.
    }
    XmlNode.Element root = element();
    while (reader.hasNext()) {
      reader.next();
    }
    return root;
  }

  private XmlNode.Element element() throws XMLStreamException {
    String name = reader.getLocalName();
    int line = reader.getLocation().getLineNumber();
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
    }
    List<XmlNode> children = new ArrayList<>();
    while (true) {
      switch (reader.next()) {
        case XMLStreamConstants.END_ELEMENT -> {
          return new XmlNode.Element(name, attributes, children, line);
        }
        case XMLStreamConstants.START_ELEMENT -> children.add(element());
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            addText(children, reader.getText());
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw malformed(
                where,
                reader.getLocation(),
                "the entity '" + reader.getLocalName() + "' is none of XML's own",
                null);
        default -> {
          // comments and processing instructions
        }
      }
    }
  }

  /// A comment between two texts leaves one.
  private static void addText(List<XmlNode> children, String text) {
    if (!children.isEmpty() && children.getLast() instanceof XmlNode.Text(String before)) {
      children.set(children.size() - 1, new XmlNode.Text(before + text));
    } else {
      children.add(new XmlNode.Text(text));
    }
  }

  private static OverpakException malformed(
      String where, @Nullable Location at, String what, @Nullable Throwable cause) {
    String position =
        at == null ? where : where + ":" + at.getLineNumber() + ":" + at.getColumnNumber();
    String message = position + ": " + what;
    String advice = "Correct the file in the package that brings it.";
    return cause == null
        ? new OverpakException(ExitCode.PACKAGE, message, advice)
        : new OverpakException(ExitCode.PACKAGE, message, advice, cause);
  }
}
