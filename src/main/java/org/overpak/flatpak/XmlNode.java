package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A node of a small XML document, as far as Flatpak's own reader keeps them
/// (`flatpak-xml-utils.c`): elements and text. Comments, processing instructions and document types
/// are dropped there and here.
sealed interface XmlNode {

  /// Text, entities resolved.
  record Text(String text) implements XmlNode {}

  /// An element.
  ///
  /// @param name with its prefix, if it has one
  /// @param attributes by name with prefix, in the order of the document
  /// @param line where it stands in its file, from 1; 0 if it was made here
  record Element(
      String name, SequencedMap<String, String> attributes, List<XmlNode> children, int line)
      implements XmlNode {
    static final String LANGUAGE = "xml:lang";

    public Element {
      attributes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(attributes));
      children = List.copyOf(children);
    }

    /// A new element that holds CHILDREN.
    static Element of(String name, List<? extends XmlNode> children) {
      return new Element(name, new LinkedHashMap<>(), List.copyOf(children), 0);
    }

    /// A new element that holds TEXT.
    static Element of(String name, String text) {
      return of(name, List.of(new Text(text)));
    }

    Stream<Element> elements() {
      return children.stream().filter(Element.class::isInstance).map(Element.class::cast);
    }

    Stream<Element> elements(String wanted) {
      return elements().filter(child -> child.name.equals(wanted));
    }

    Optional<Element> first(String wanted) {
      return elements(wanted).findFirst();
    }

    /// The value of an attribute; empty if it is not there.
    String attribute(String key) {
      return attributes.getOrDefault(key, "");
    }

    /// All text in this element and those inside it.
    String text() {
      return children.stream()
          .map(
              child ->
                  switch (child) {
                    case Text text -> text.text();
                    case Element element -> element.text();
                  })
          .collect(Collectors.joining());
    }

    Element with(String key, String value) {
      var changed = new LinkedHashMap<>(attributes);
      changed.put(key, value);
      return new Element(name, changed, children, line);
    }

    Element without(String key) {
      var changed = new LinkedHashMap<>(attributes);
      changed.remove(key);
      return new Element(name, changed, children, line);
    }

    Element withChildren(List<? extends XmlNode> others) {
      return new Element(name, attributes, List.copyOf(others), line);
    }

    Element withText(String text) {
      return withChildren(List.of(new Text(text)));
    }

    /// This element and CHILD at the end of it.
    Element plus(XmlNode child) {
      List<XmlNode> more = new ArrayList<>(children);
      more.add(child);
      return withChildren(more);
    }

    /// This element with CHANGE applied to each child called WANTED.
    Element mapEach(String wanted, UnaryOperator<Element> change) {
      return withChildren(
          children.stream()
              .map(
                  child ->
                      child instanceof Element element && element.name.equals(wanted)
                          ? change.apply(element)
                          : child)
              .toList());
    }

    /// This element with CHANGE applied to the first child called WANTED, if there is one.
    Element mapFirst(String wanted, UnaryOperator<Element> change) {
      List<XmlNode> changed = new ArrayList<>(children);
      for (int i = 0; i < changed.size(); i++) {
        if (changed.get(i) instanceof Element element && element.name.equals(wanted)) {
          changed.set(i, change.apply(element));
          break;
        }
      }
      return withChildren(changed);
    }
  }
}
