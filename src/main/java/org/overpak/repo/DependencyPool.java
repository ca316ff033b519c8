package org.overpak.repo;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Operator;
import org.overpak.rpm.Evr;

/// Equal dependencies, versions and strings of one repository as one object each: a distribution
/// has two million entries, but only a tenth of them differ.
final class DependencyPool {
  private record Entry(String name, @Nullable String flags, @Nullable Evr evr) {}

  private record Version(@Nullable String epoch, String version, String release) {}

  private final Map<Entry, Dependency> dependencies = new HashMap<>();
  private final Map<Version, Evr> versions = new HashMap<>();
  private final Map<String, String> strings = new HashMap<>();

  String string(String text) {
    @Nullable String known = strings.putIfAbsent(text, text);
    return known == null ? text : known;
  }

  /// The `<rpm:entry>` that the cursor is at.
  Dependency entry(XmlCursor xml) {
    @Nullable String name = null;
    @Nullable String flags = null;
    @Nullable String epoch = null;
    @Nullable String version = null;
    String release = "";
    // By index: looking up each by name would search five times.
    for (int i = 0; i < xml.attributes(); i++) {
      switch (xml.attributeName(i)) {
        case "name" -> name = xml.attributeValue(i);
        case "flags" -> flags = xml.attributeValue(i);
        case "epoch" -> epoch = xml.attributeValue(i);
        case "ver" -> version = xml.attributeValue(i);
        case "rel" -> release = xml.attributeValue(i);
        default -> {
          // pre="1" changes only the order of installation, which headers decide
        }
      }
    }
    if (name == null || name.isEmpty()) {
      throw xml.malformed("a dependency has no name");
    }
    // Like libsolv, a comparison with nothing is none.
    boolean versioned = flags != null && version != null && !version.isEmpty();
    Evr evr = versioned && version != null ? evr(xml, epoch, version, release) : null;
    var entry = new Entry(name, versioned ? flags : null, evr);
    @Nullable Dependency known = dependencies.get(entry);
    if (known == null) {
      known = dependency(xml, entry);
      dependencies.put(entry, known);
    }
    return known;
  }

  private Dependency dependency(XmlCursor xml, Entry entry) {
    if (entry.name.startsWith("(")) {
      try {
        return Dependency.parse(entry.name);
      } catch (IllegalArgumentException e) {
        throw xml.malformed(String.valueOf(e.getMessage()));
      }
    }
    return new Dependency.Simple(string(entry.name), operator(xml, entry.flags), entry.evr);
  }

  Evr evr(XmlCursor xml, @Nullable String epoch, String version, String release) {
    var key = new Version(epoch, version, release);
    @Nullable Evr known = versions.get(key);
    if (known == null) {
      known = new Evr(epoch(xml, epoch), string(version), string(release));
      versions.put(key, known);
    }
    return known;
  }

  private static int epoch(XmlCursor xml, @Nullable String epoch) {
    try {
      return epoch == null || epoch.isEmpty() ? 0 : Integer.parseUnsignedInt(epoch);
    } catch (NumberFormatException e) {
      throw xml.malformed("'" + epoch + "' is not an epoch");
    }
  }

  private static Operator operator(XmlCursor xml, @Nullable String flags) {
    return switch (flags) {
      case null -> Operator.ANY;
      case "LT" -> Operator.LESS;
      case "LE" -> Operator.LESS_OR_EQUAL;
      case "EQ" -> Operator.EQUAL;
      case "GE" -> Operator.GREATER_OR_EQUAL;
      case "GT" -> Operator.GREATER;
      default -> throw xml.malformed("'" + flags + "' is not a comparison");
    };
  }
}
