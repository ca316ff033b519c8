package org.overpak.repo;

import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;

/// `repomd.xml`: which metadata files a repository has, and their digests.
///
/// @param revision as the repository numbers itself, most often seconds since 1970; may be empty
/// @param files by type: `primary`, `filelists`, `modules`, `group` …
public record RepositoryIndex(String revision, SequencedMap<String, MetadataFile> files) {
  static final String NAMESPACE = "http://linux.duke.edu/metadata/repo";

  /// More than any distribution has, by far.
  private static final int MOST_FILES = 1000;

  public RepositoryIndex {
    files = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(files));
  }

  /// The file of TYPE. What exists as zchunk too is given as the plain file.
  public Optional<MetadataFile> file(String type) {
    return Optional.ofNullable(files.get(type));
  }

  /// Reads `repomd.xml`.
  ///
  /// @param origin its URL, for messages
  static RepositoryIndex read(InputStream in, String origin, Hrefs hrefs) {
    try (var xml = XmlCursor.open(in, origin)) {
      xml.root(NAMESPACE, "repomd");
      String revision = "";
      SequencedMap<String, MetadataFile> files = new LinkedHashMap<>();
      while (xml.nextChild()) {
        if (xml.is(NAMESPACE, "revision")) {
          revision = xml.text();
        } else if (xml.is(NAMESPACE, "data")) {
          String type = xml.require("type");
          // Databases are for yum, zchunk duplicates a plain file of the same content.
          if (type.endsWith("_db") || type.endsWith("_zck")) {
            xml.skip();
          } else if (files.put(type, data(xml, type, hrefs)) != null) {
            throw xml.malformed("two files of type '" + type + "'");
          }
          if (files.size() > MOST_FILES) {
            throw xml.malformed("more than " + MOST_FILES + " files");
          }
        } else {
          xml.skip();
        }
      }
      xml.end();
      return new RepositoryIndex(revision, files);
    }
  }

  private static MetadataFile data(XmlCursor xml, String type, Hrefs hrefs) {
    @Nullable Digest checksum = null;
    @Nullable Digest openChecksum = null;
    @Nullable String href = null;
    long size = MetadataFile.UNKNOWN;
    long openSize = MetadataFile.UNKNOWN;
    while (xml.nextChild()) {
      switch (xml.isIn(NAMESPACE) ? xml.name() : "") {
        case "checksum" -> checksum = xml.digest();
        case "open-checksum" -> openChecksum = xml.digest();
        case "location" -> {
          href = hrefs.resolve(xml);
          xml.skip();
        }
        case "size" -> size = xml.size(xml.text());
        case "open-size" -> openSize = xml.size(xml.text());
        default -> xml.skip();
      }
    }
    if (checksum == null || href == null) {
      throw xml.malformed("the file of type '" + type + "' lacks its location or checksum");
    }
    return new MetadataFile(type, href, checksum, size, openChecksum, openSize);
  }
}
