package org.overpak.repo;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads `comps.xml` ([libcomps](https://github.com/rpm-software-management/libcomps),
/// `comps.dtd`).
final class CompsReader {
  private static final String NO_NAMESPACE = "";

  private final XmlCursor xml;
  private final List<Comps.Group> groups = new ArrayList<>();
  private final List<Comps.Environment> environments = new ArrayList<>();

  private CompsReader(XmlCursor xml) {
    this.xml = xml;
  }

  /// @param origin URL of the document, for messages
  static Comps read(InputStream in, String origin) {
    // libcomps writes a document type in front, which names its DTD and defines nothing.
    try (var xml = XmlCursor.openWithDoctype(in, origin)) {
      var reader = new CompsReader(xml);
      xml.root(NO_NAMESPACE, "comps");
      while (xml.nextChild()) {
        switch (xml.name()) {
          case "group" -> reader.group();
          case "environment" -> reader.environment();
          default -> xml.skip();
        }
      }
      xml.end();
      return new Comps(reader.groups, reader.environments);
    }
  }

  private void group() {
    String id = "";
    String name = "";
    List<Comps.Member> members = new ArrayList<>();
    while (xml.nextChild()) {
      switch (xml.name()) {
        case "id" -> id = xml.text().strip();
        case "name" -> name = english(name);
        case "packagelist" -> each("packagereq", () -> members.add(member()));
        default -> xml.skip();
      }
    }
    if (id.isEmpty()) {
      throw xml.malformed("a group has no id");
    }
    groups.add(new Comps.Group(id, name, members));
  }

  private Comps.Member member() {
    @Nullable String type = xml.attribute("type");
    @Nullable String condition = xml.attribute("requires");
    Comps.Kind kind =
        switch (type == null ? "" : type) {
          case "default" -> Comps.Kind.DEFAULT;
          case "optional" -> Comps.Kind.OPTIONAL;
          case "conditional" -> Comps.Kind.CONDITIONAL;
          // libcomps takes what it does not know for the default of its DTD
          default -> Comps.Kind.MANDATORY;
        };
    return new Comps.Member(xml.text().strip(), kind, condition == null ? "" : condition);
  }

  private void environment() {
    String id = "";
    String name = "";
    List<String> ids = new ArrayList<>();
    while (xml.nextChild()) {
      switch (xml.name()) {
        case "id" -> id = xml.text().strip();
        case "name" -> name = english(name);
        case "grouplist" -> each("groupid", () -> ids.add(xml.text().strip()));
        case "optionlist" -> each("groupid", () -> addDefault(ids::add));
        default -> xml.skip();
      }
    }
    if (id.isEmpty()) {
      throw xml.malformed("an environment has no id");
    }
    environments.add(new Comps.Environment(id, name, ids));
  }

  private void addDefault(Consumer<String> ids) {
    boolean isDefault = "true".equals(xml.attribute("default"));
    String id = xml.text().strip();
    if (isDefault) {
      ids.accept(id);
    }
  }

  private void each(String element, Runnable read) {
    while (xml.nextChild()) {
      if (xml.name().equals(element)) {
        read.run();
      } else {
        xml.skip();
      }
    }
  }

  /// The current `<name>`, unless it is a translation.
  private String english(String known) {
    boolean isTranslation = xml.attribute("http://www.w3.org/XML/1998/namespace", "lang") != null;
    String text = xml.text().strip();
    return isTranslation ? known : text;
  }
}
