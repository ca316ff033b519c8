package org.overpak.repo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.xml.HostileXml;

/// Reads an XML document from a hostile source, forwards and once: no DTD, no entities of its own,
/// bounded depth, attributes and text. Each element that {@link #nextChild} finds is used up by
/// {@link #text}, {@link #skip}, or by reading its children until there are no more.
final class XmlCursor implements AutoCloseable {
  /// Repository metadata is 5 deep.
  private static final int DEEPEST = 32;

  /// The longest package description is far below.
  private static final int LONGEST_TEXT = 8 << 20;

  private static final class Factory {
    static final XMLInputFactory SAFE = create();

    private static XMLInputFactory create() {
      XMLInputFactory factory = HostileXml.factory(DEEPEST, LONGEST_TEXT, 32);
      factory.setProperty(XMLInputFactory.IS_COALESCING, false);
      return factory;
    }
  }

  private final boolean allowsDoctype;
  private final XMLStreamReader reader;
  private final InputStream in;
  private final String origin;

  private XmlCursor(XMLStreamReader reader, InputStream in, String origin, boolean allowsDoctype) {
    this.allowsDoctype = allowsDoctype;
    this.reader = reader;
    this.in = in;
    this.origin = origin;
  }

  /// @param origin URL or file, for messages
  static XmlCursor open(InputStream in, String origin) {
    return open(in, origin, false);
  }

  /// The same, for a document that may begin with a document type, which is passed over: nothing
  /// that it defines is known.
  static XmlCursor openWithDoctype(InputStream in, String origin) {
    return open(in, origin, true);
  }

  private static XmlCursor open(InputStream in, String origin, boolean allowsDoctype) {
    try {
      return new XmlCursor(
          Factory.SAFE.createXMLStreamReader(in, "UTF-8"), in, origin, allowsDoctype);
    } catch (XMLStreamException e) {
      throw malformed(origin, e);
    }
  }

  /// Goes to the outermost element, which must be NAME of NAMESPACE.
  void root(String namespace, String name) {
    nextTagOrEnd();
    if (!is(namespace, name)) {
      throw malformed("the document is not <" + name + "> of " + namespace);
    }
  }

  /// Goes to the next element inside the one whose children are being read; false at its end.
  boolean nextChild() {
    return nextTagOrEnd() == XMLStreamConstants.START_ELEMENT;
  }

  /// Goes to the next element, wherever it is; false at the end of the document.
  boolean nextStart() {
    try {
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          return true;
        }
        refuseDoctype(event);
      }
      return false;
    } catch (XMLStreamException e) {
      throw malformed(origin, e);
    }
  }

  private void refuseDoctype(int event) {
    boolean isDoctype = event == XMLStreamConstants.DTD && !allowsDoctype;
    if (isDoctype || event == XMLStreamConstants.ENTITY_REFERENCE) {
      throw malformed("document types and entities are not allowed");
    }
  }

  private int nextTagOrEnd() {
    try {
      while (true) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_ELEMENT) {
          return event;
        }
        refuseDoctype(event);
      }
    } catch (XMLStreamException e) {
      throw malformed(origin, e);
    }
  }

  /// Whether the current element is NAME of NAMESPACE, whatever its prefix.
  boolean is(String namespace, String name) {
    return reader.getLocalName().equals(name) && isIn(namespace);
  }

  boolean isIn(String namespace) {
    return namespace.equals(reader.getNamespaceURI());
  }

  /// Without prefix; the same object for the same name.
  String name() {
    return reader.getLocalName();
  }

  @Nullable String attribute(String name) {
    return reader.getAttributeValue("", name);
  }

  @Nullable String attribute(String namespace, String name) {
    return reader.getAttributeValue(namespace, name);
  }

  int attributes() {
    return reader.getAttributeCount();
  }

  String attributeName(int index) {
    return reader.getAttributeLocalName(index);
  }

  String attributeValue(int index) {
    return reader.getAttributeValue(index);
  }

  String require(String attribute) {
    @Nullable String value = attribute(attribute);
    if (value == null) {
      throw malformed("<" + name() + "> lacks the attribute '" + attribute + "'");
    }
    return value;
  }

  /// The text of the current element, which has no children.
  String text() {
    try {
      return reader.getElementText();
    } catch (XMLStreamException e) {
      throw malformed(origin, e);
    }
  }

  /// Passes over the current element and all in it.
  void skip() {
    int depth = 1;
    while (depth > 0) {
      depth += nextTagOrEnd() == XMLStreamConstants.START_ELEMENT ? 1 : -1;
    }
  }

  /// The current element, `<checksum type="sha256">HEX</checksum>`; must be strong.
  Digest digest() {
    String type = require("type");
    String hex = text().strip();
    try {
      var digest = new Digest(Digest.Algorithm.named(type), hex);
      if (!digest.algorithm().isStrong()) {
        throw new OverpakException(
            ExitCode.UNTRUSTED,
            at() + ": a " + type + " checksum does not protect against forgery",
            "Make the metadata again with SHA-256: createrepo_c --checksum sha256.");
      }
      return digest;
    } catch (IllegalArgumentException e) {
      throw malformed("'" + hex + "' is not a checksum of type '" + type + "'");
    }
  }

  /// TEXT as a number of bytes or seconds.
  long size(String text) {
    try {
      long size = Long.parseLong(text.strip());
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw malformed("'" + text + "' is not a number");
  }

  /// Reads what follows the outermost element, so that the stream under it is read to its end.
  void end() {
    try {
      while (reader.hasNext()) {
        reader.next();
      }
      in.transferTo(OutputStream.nullOutputStream());
    } catch (XMLStreamException e) {
      throw malformed(origin, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  OverpakException malformed(String what) {
    return new OverpakException(
        ExitCode.REPOSITORY, at() + ": " + what, "Make the repository's metadata again.");
  }

  private static OverpakException malformed(String origin, XMLStreamException e) {
    // Woodstox's own message ends with its location, on a line of its own.
    @Nullable String message = e.getMessage();
    String what = message == null ? "not XML" : message.lines().findFirst().orElse("not XML");
    Throwable cause = e.getNestedException() == null ? e : e.getNestedException();
    return new OverpakException(
        ExitCode.REPOSITORY,
        at(origin, e.getLocation()) + ": " + what,
        "Make the repository's metadata again.",
        cause);
  }

  private String at() {
    return at(origin, reader.getLocation());
  }

  private static String at(String origin, @Nullable Location location) {
    return location == null
        ? origin
        : origin + ":" + location.getLineNumber() + ":" + location.getColumnNumber();
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (XMLStreamException e) {
      // Only buffers go back to their pool here; the stream belongs to the caller.
    }
  }
}
