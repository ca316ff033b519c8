package org.overpak.repo;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/// Reads `filelists.xml`, keeping only what was asked for: whole, it is larger than all else.
final class FilelistsReader {
  private static final String NAMESPACE = "http://linux.duke.edu/metadata/filelists";

  private FilelistsReader() {}

  /// Which of PATHS the packages own, by `pkgid`: the hexadecimal digest of the package file.
  static Map<String, List<String>> owners(InputStream in, String origin, Set<String> paths) {
    return read(in, origin, (_, path) -> paths.contains(path));
  }

  /// All files of the packages whose `pkgid` is one of IDS.
  static Map<String, List<String>> files(InputStream in, String origin, Set<String> ids) {
    return read(in, origin, (id, _) -> ids.contains(id));
  }

  /// @param isWanted of a `pkgid` and a path
  private static Map<String, List<String>> read(
      InputStream in, String origin, BiPredicate<String, String> isWanted) {
    Map<String, List<String>> files = new HashMap<>();
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
          if (isWanted.test(id, path)) {
            files.computeIfAbsent(id, _ -> new ArrayList<>()).add(path);
          }
        }
      }
      xml.end();
    }
    return files;
  }
}
