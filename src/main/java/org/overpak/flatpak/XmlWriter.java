package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.List;

/// Writes XML as Flatpak does (`flatpak-xml-utils.c:flatpak_xml_to_string`), byte by byte: what was
/// read keeps its blanks, nothing is added but the declaration.
final class XmlWriter {
  private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

  private final StringBuilder out = new StringBuilder();

  private XmlWriter() {}

  /// The document whose outermost element is ROOT, without a newline at its end.
  static String write(XmlNode.Element root) {
    var writer = new XmlWriter();
    writer.out.append(DECLARATION);
    writer.node(root);
    return writer.out.toString();
  }

  /// ELEMENT with each element inside it on a line of its own, 2 blanks deeper than what holds it,
  /// unless it stands among text.
  ///
  /// @param depth how many elements hold ELEMENT
  static XmlNode.Element indented(XmlNode.Element element, int depth) {
    boolean hasText =
        element.children().stream()
            .anyMatch(child -> child instanceof XmlNode.Text text && !text.text().isBlank());
    List<XmlNode.Element> inside = element.elements().toList();
    if (hasText || inside.isEmpty()) {
      return element;
    }
    List<XmlNode> children = new ArrayList<>();
    for (XmlNode.Element child : inside) {
      children.add(new XmlNode.Text("\n" + "  ".repeat(depth + 1)));
      children.add(indented(child, depth + 1));
    }
    children.add(new XmlNode.Text("\n" + "  ".repeat(depth)));
    return element.withChildren(children);
  }

  private void node(XmlNode node) {
    switch (node) {
      case XmlNode.Text text -> escape(text.text());
      case XmlNode.Element element -> {
        out.append('<').append(element.name());
        element
            .attributes()
            .forEach(
                (key, value) -> {
                  out.append(' ').append(key).append("=\"");
                  escape(value);
                  out.append('"');
                });
        if (element.children().isEmpty()) {
          out.append("/>");
        } else {
          out.append('>');
          element.children().forEach(this::node);
          out.append("</").append(element.name()).append('>');
        }
      }
    }
  }

  /// As `g_markup_escape_text`.
  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\'' -> out.append("&apos;");
        case '"' -> out.append("&quot;");
        default -> {
          if (isControl(c)) {
            out.append("&#x").append(Integer.toHexString(c)).append(';');
          } else {
            out.append(c);
          }
        }
      }
    }
  }

  private static boolean isControl(char c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
        || (c >= 0x7f && c <= 0x9f && c != 0x85);
  }
}
