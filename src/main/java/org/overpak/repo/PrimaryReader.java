package org.overpak.repo;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.IntList;
import org.overpak.repo.PackageTableWriter.Entries;

/// Reads `primary.xml`: all that resolving needs of each package, but for most of its files
/// ([createrepo_c](https://github.com/rpm-software-management/createrepo_c), `xml_dump_primary.c`).
final class PrimaryReader {
  static final String COMMON = "http://linux.duke.edu/metadata/common";
  private static final String RPM = "http://linux.duke.edu/metadata/rpm";

  /// Ten times what the largest distributions have.
  private static final int MOST_PACKAGES = 1_000_000;

  private final XmlCursor xml;
  private final Hrefs hrefs;
  private final PackageTableWriter table = new PackageTableWriter();
  private final EntryReader entryReader = new EntryReader(table);
  private final Entries[] lists = new Entries[PackageTableFormat.LISTS];
  private final IntList files = new IntList();

  private PrimaryReader(XmlCursor xml, Hrefs hrefs) {
    this.xml = xml;
    this.hrefs = hrefs;
    Arrays.setAll(lists, _ -> new Entries());
  }

  /// The bytes of a {@link PackageTable}.
  ///
  /// @param origin URL of the document, for messages
  static ByteBuffer read(InputStream in, String origin, Hrefs hrefs) {
    try (var xml = XmlCursor.open(in, origin)) {
      var reader = new PrimaryReader(xml, hrefs);
      reader.packages();
      xml.end();
      return reader.table.bytes();
    }
  }

  private void packages() {
    xml.root(COMMON, "metadata");
    Set<Digest> seen = new HashSet<>();
    while (xml.nextChild()) {
      if (!xml.is(COMMON, "package") || !"rpm".equals(xml.attribute("type"))) {
        xml.skip();
        continue;
      }
      if (table.size() == MOST_PACKAGES) {
        throw xml.malformed("more than " + MOST_PACKAGES + " packages");
      }
      PackageTableWriter.Row found = onePackage();
      if (seen.add(found.digest())) {
        table.add(found, lists, files);
      }
    }
  }

  private PackageTableWriter.Row onePackage() {
    @Nullable String name = null;
    int arch = -1;
    int evr = -1;
    int sourceRpm = -1;
    @Nullable Digest digest = null;
    @Nullable String href = null;
    long size = -1;
    long installedSize = 0;
    long buildTime = 0;
    while (xml.nextChild()) {
      if (!xml.isIn(COMMON)) {
        xml.skip();
        continue;
      }
      switch (xml.name()) {
        case "name" -> name = xml.text();
        case "arch" -> arch = table.string(xml.text());
        case "version" -> {
          evr =
              entryReader.evr(xml, xml.attribute("epoch"), xml.require("ver"), xml.require("rel"));
          xml.skip();
        }
        case "checksum" -> digest = xml.digest();
        case "time" -> {
          buildTime = xml.size(xml.require("build"));
          xml.skip();
        }
        case "size" -> {
          size = xml.size(xml.require("package"));
          @Nullable String installed = xml.attribute("installed");
          installedSize = installed == null ? 0 : xml.size(installed);
          xml.skip();
        }
        case "location" -> {
          href = hrefs.resolve(xml);
          xml.skip();
        }
        case "format" -> sourceRpm = format();
        default -> xml.skip();
      }
    }
    if (name == null || arch < 0 || evr < 0 || sourceRpm < 0) {
      throw xml.malformed("package '" + name + "' lacks its name, architecture, version or format");
    }
    if (digest == null || href == null || size < 0) {
      throw xml.malformed("package '" + name + "' lacks its checksum, size or location");
    }
    return new PackageTableWriter.Row(
        table.string(name), evr, arch, sourceRpm, href, digest, size, installedSize, buildTime);
  }

  /// The number of the source package's name; the rest is in {@link #lists} and {@link #files}.
  private int format() {
    String sourceRpm = "";
    files.clear();
    for (Entries list : lists) {
      list.clear();
    }
    while (xml.nextChild()) {
      if (xml.is(COMMON, "file")) {
        files.add(table.string(xml.text()));
      } else if (xml.isIn(RPM)) {
        switch (xml.name()) {
          case "sourcerpm" -> sourceRpm = xml.text();
          case "provides" -> entries(0);
          case "requires" -> entries(1);
          case "conflicts" -> entries(2);
          case "obsoletes" -> entries(3);
          case "recommends" -> entries(4);
          case "suggests" -> entries(5);
          case "supplements" -> entries(6);
          case "enhances" -> entries(7);
          default -> xml.skip();
        }
      } else {
        xml.skip();
      }
    }
    return table.string(sourceRpm);
  }

  private void entries(int list) {
    while (xml.nextChild()) {
      if (xml.is(RPM, "entry")) {
        entryReader.read(xml, lists[list]);
      }
      xml.skip();
    }
  }
}
