package org.overpak.repo;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads `filelists.xml`, keeping only what was asked for: whole, it is larger than all else.
final class FilelistsReader {
  private static final String NAMESPACE = "http://linux.duke.edu/metadata/filelists";

  private FilelistsReader() {}

  /// Which of PATHS the packages own, by `pkgid`: the hexadecimal digest of the package file.
  static Map<String, List<String>> owners(InputStream in, String origin, Set<String> paths) {
    Map<String, List<String>> files = new HashMap<>();
    read(in, origin, (id, path, _) -> keep(files, id, path, paths.contains(path)));
    return files;
  }

  /// All files of the packages whose `pkgid` is one of IDS.
  static Map<String, List<String>> files(InputStream in, String origin, Set<String> ids) {
    Map<String, List<String>> files = new HashMap<>();
    read(in, origin, (id, path, _) -> keep(files, id, path, ids.contains(id)));
    return files;
  }

  private static void keep(
      Map<String, List<String>> files, String id, String path, boolean isWanted) {
    if (isWanted) {
      files.computeIfAbsent(id, _ -> new ArrayList<>()).add(path);
    }
  }

  /// The `pkgid` of those packages of which FILES accepts the paths of all files but directories
  /// and ghosts.
  static Set<String> having(InputStream in, String origin, Predicate<List<String>> files) {
    Set<String> accepted = new HashSet<>();
    var visitor =
        new Visitor() {
          private final List<String> paths = new ArrayList<>();
          private String current = "";

          @Override
          public void file(String id, String path, String type) {
            if (!id.equals(current)) {
              finish();
              current = id;
            }
            if (type.isEmpty()) {
              paths.add(path);
            }
          }

          void finish() {
            if (!current.isEmpty() && files.test(paths)) {
              accepted.add(current);
            }
            paths.clear();
          }
        };
    read(in, origin, visitor);
    visitor.finish();
    return accepted;
  }

  /// Hears of each file of each package, one package after the other.
  @FunctionalInterface
  private interface Visitor {
    /// @param type `dir` or `ghost`; else empty
    void file(String id, String path, String type);
  }

  private static void read(InputStream in, String origin, Visitor visitor) {
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
          @Nullable String type = xml.attribute("type");
          visitor.file(id, xml.text(), type == null ? "" : type);
        }
      }
      xml.end();
    }
  }
}
