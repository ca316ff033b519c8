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
  /// Looked up a million times: written out, since what records generate is several times slower
  /// here. Versions are pooled before, so identity is equality.
  private static final class Entry {
    private final String name;
    private final Operator operator;
    private final @Nullable Evr evr;
    private final int hash;

    Entry(String name, Operator operator, @Nullable Evr evr) {
      this.name = name;
      this.operator = operator;
      this.evr = evr;
      this.hash = name.hashCode() * 31 + System.identityHashCode(evr);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
      return other instanceof Entry entry
          && hash == entry.hash
          && operator == entry.operator
          && evr == entry.evr
          && name.equals(entry.name);
    }
  }

  private final Map<Entry, Dependency> dependencies = new HashMap<>();
  private final Map<String, Map<String, Evr>> versions = new HashMap<>();
  private final Map<String, String> strings = new HashMap<>();

  String string(String text) {
    @Nullable String known = strings.putIfAbsent(text, text);
    return known == null ? text : known;
  }

  /// The `<rpm:entry>` that the cursor is at, as an object of its own: provides are hardly ever
  /// equal, and not to look for what is not there is half of the time that reading takes.
  Dependency own(XmlCursor xml) {
    return dependency(xml, entry(xml));
  }

  /// The same, the one object that all equal ones are.
  Dependency shared(XmlCursor xml) {
    Entry entry = entry(xml);
    @Nullable Dependency known = dependencies.get(entry);
    if (known == null) {
      known = dependency(xml, entry);
      dependencies.put(entry, known);
    }
    return known;
  }

  private Entry entry(XmlCursor xml) {
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
    return new Entry(name, versioned ? operator(xml, flags) : Operator.ANY, evr);
  }

  private Dependency dependency(XmlCursor xml, Entry entry) {
    if (entry.name.startsWith("(")) {
      try {
        return Dependency.parse(entry.name);
      } catch (IllegalArgumentException e) {
        throw xml.malformed(String.valueOf(e.getMessage()));
      }
    }
    return new Dependency.Simple(entry.name, entry.operator, entry.evr);
  }

  Evr evr(XmlCursor xml, @Nullable String epoch, String version, String release) {
    // Packages of one source have one version: hardly ever do two epochs share it.
    Map<String, Evr> releases = versions.computeIfAbsent(version, _ -> new HashMap<>(2));
    @Nullable Evr known = releases.get(release);
    int number = epoch(xml, epoch);
    if (known == null || known.epoch() != number) {
      known = new Evr(number, string(version), string(release));
      releases.put(release, known);
    }
    return known;
  }

  private static int epoch(XmlCursor xml, @Nullable String epoch) {
    try {
      return epoch == null || epoch.isEmpty() || epoch.equals("0")
          ? 0
          : Integer.parseUnsignedInt(epoch);
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
