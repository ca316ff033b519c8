package org.overpak.repo;

import org.jspecify.annotations.Nullable;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Operator;

/// Reads `<rpm:entry>`s and versions into a table.
final class EntryReader {
  private final PackageTableWriter table;

  EntryReader(PackageTableWriter table) {
    this.table = table;
  }

  /// Adds the entry that the cursor is at.
  void read(XmlCursor xml, PackageTableWriter.Entries entries) {
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
    if (name.startsWith("(")) {
      entries.addRich(rich(xml, name));
    } else if (flags == null || version == null || version.isEmpty()) {
      // Like libsolv, a comparison with nothing is none.
      entries.add(table.string(name), Operator.ANY, 0);
    } else {
      entries.add(table.string(name), operator(xml, flags), evr(xml, epoch, version, release));
    }
  }

  private int rich(XmlCursor xml, String text) {
    try {
      return table.string(Dependency.parse(text).toString());
    } catch (IllegalArgumentException e) {
      throw xml.malformed(String.valueOf(e.getMessage()));
    }
  }

  /// The number of a version.
  int evr(XmlCursor xml, @Nullable String epoch, String version, String release) {
    return table.evr(epoch(xml, epoch), version, release);
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

  private static Operator operator(XmlCursor xml, String flags) {
    return switch (flags) {
      case "LT" -> Operator.LESS;
      case "LE" -> Operator.LESS_OR_EQUAL;
      case "EQ" -> Operator.EQUAL;
      case "GE" -> Operator.GREATER_OR_EQUAL;
      case "GT" -> Operator.GREATER;
      default -> throw xml.malformed("'" + flags + "' is not a comparison");
    };
  }
}
