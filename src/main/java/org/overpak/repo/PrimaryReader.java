package org.overpak.repo;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.Relations;

/// Reads `primary.xml`: all that resolving needs of each package, but for most of its files
/// ([createrepo_c](https://github.com/rpm-software-management/createrepo_c), `xml_dump_primary.c`).
final class PrimaryReader {
  static final String COMMON = "http://linux.duke.edu/metadata/common";
  private static final String RPM = "http://linux.duke.edu/metadata/rpm";

  /// Ten times what the largest distributions have.
  private static final int MOST_PACKAGES = 1_000_000;

  private final XmlCursor xml;
  private final Hrefs hrefs;
  private final String repository;
  private final DependencyPool pool = new DependencyPool();

  private PrimaryReader(XmlCursor xml, Hrefs hrefs, String repository) {
    this.xml = xml;
    this.hrefs = hrefs;
    this.repository = repository;
  }

  /// @param origin URL of the document, for messages
  static List<RepositoryPackage> read(
      InputStream in, String origin, Hrefs hrefs, String repository) {
    try (var xml = XmlCursor.open(in, origin)) {
      var packages = new PrimaryReader(xml, hrefs, repository).packages();
      xml.end();
      return packages;
    }
  }

  private List<RepositoryPackage> packages() {
    xml.root(COMMON, "metadata");
    List<RepositoryPackage> packages = new ArrayList<>();
    Set<Digest> seen = new HashSet<>();
    while (xml.nextChild()) {
      if (!xml.is(COMMON, "package") || !"rpm".equals(xml.attribute("type"))) {
        xml.skip();
        continue;
      }
      if (packages.size() == MOST_PACKAGES) {
        throw xml.malformed("more than " + MOST_PACKAGES + " packages");
      }
      RepositoryPackage found = onePackage();
      if (seen.add(found.digest())) {
        packages.add(found);
      }
    }
    return packages;
  }

  private RepositoryPackage onePackage() {
    @Nullable String name = null;
    @Nullable String arch = null;
    @Nullable Evr evr = null;
    @Nullable Digest digest = null;
    @Nullable String href = null;
    long size = -1;
    long installedSize = 0;
    long buildTime = 0;
    @Nullable Format format = null;
    while (xml.nextChild()) {
      if (!xml.isIn(COMMON)) {
        xml.skip();
        continue;
      }
      switch (xml.name()) {
        case "name" -> name = pool.string(xml.text());
        case "arch" -> arch = pool.string(xml.text());
        case "version" -> {
          evr = pool.evr(xml, xml.attribute("epoch"), xml.require("ver"), xml.require("rel"));
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
        case "format" -> format = format();
        default -> xml.skip();
      }
    }
    if (name == null || arch == null || evr == null || format == null) {
      throw xml.malformed("package '" + name + "' lacks its name, architecture, version or format");
    }
    if (digest == null || href == null || size < 0) {
      throw xml.malformed("package '" + name + "' lacks its checksum, size or location");
    }
    var metadata =
        new PackageMetadata(
            new Nevra(name, evr, arch),
            format.sourceRpm,
            format.relations(),
            format.files,
            installedSize);
    return new RepositoryPackage(metadata, repository, href, digest, size, buildTime);
  }

  /// The content of `<format>` while it is read.
  private static final class Format {
    private String sourceRpm = "";
    private final List<String> files = new ArrayList<>();
    private List<Dependency> provides = List.of();
    private List<Dependency> requires = List.of();
    private List<Dependency> conflicts = List.of();
    private List<Dependency> obsoletes = List.of();
    private List<Dependency> recommends = List.of();
    private List<Dependency> suggests = List.of();
    private List<Dependency> supplements = List.of();
    private List<Dependency> enhances = List.of();

    Relations relations() {
      return new Relations(
          provides, requires, conflicts, obsoletes, recommends, suggests, supplements, enhances);
    }
  }

  private Format format() {
    var format = new Format();
    while (xml.nextChild()) {
      if (xml.is(COMMON, "file")) {
        format.files.add(xml.text());
      } else if (xml.isIn(RPM)) {
        switch (xml.name()) {
          case "sourcerpm" -> format.sourceRpm = pool.string(xml.text());
          case "provides" -> format.provides = entries(pool::own);
          case "requires" -> format.requires = entries(pool::shared);
          case "conflicts" -> format.conflicts = entries(pool::shared);
          case "obsoletes" -> format.obsoletes = entries(pool::shared);
          case "recommends" -> format.recommends = entries(pool::shared);
          case "suggests" -> format.suggests = entries(pool::shared);
          case "supplements" -> format.supplements = entries(pool::shared);
          case "enhances" -> format.enhances = entries(pool::shared);
          default -> xml.skip();
        }
      } else {
        xml.skip();
      }
    }
    return format;
  }

  private List<Dependency> entries(Function<XmlCursor, Dependency> read) {
    List<Dependency> entries = new ArrayList<>();
    while (xml.nextChild()) {
      if (xml.is(RPM, "entry")) {
        Dependency entry = read.apply(xml);
        // One that is needed before and after installation is there twice, with and without `pre`.
        if (entries.isEmpty() || !entries.getLast().equals(entry)) {
          entries.add(entry);
        }
      }
      xml.skip();
    }
    return entries;
  }
}
