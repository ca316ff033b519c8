package org.overpak.repo;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads `filelists.xml`, keeping only what was asked for: whole, it is larger than all else.
final class FilelistsReader {
  private static final String NAMESPACE = "http://linux.duke.edu/metadata/filelists";

  private FilelistsReader() {}

  /// Which of PATHS the packages own, by `pkgid`: the hexadecimal digest of the package file.
  static Map<String, List<String>> owners(InputStream in, String origin, Set<String> paths) {
    Map<String, List<String>> owners = new HashMap<>();
    try (var xml = XmlCursor.open(in, origin)) {
      xml.root(NAMESPACE, "filelists");
      while (xml.nextChild()) {
        if (!xml.is(NAMESPACE, "package")) {
          xml.skip();
          continue;
        }
        String id = xml.require("pkgid");
        while (xml.nextChild()) {
          if (!xml.is(NAMESPACE, "file")) {
            xml.skip();
            continue;
          }
          String path = xml.text();
          if (paths.contains(path)) {
            owners.computeIfAbsent(id, _ -> new ArrayList<>()).add(path);
          }
        }
      }
      xml.end();
    }
    return owners;
  }
}
