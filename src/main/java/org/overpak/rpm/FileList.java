package org.overpak.rpm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.tree.TreePath;

/// The parallel arrays of a header that describe its files.
final class FileList {
  /// PATH_MAX of Linux, in bytes; names are checked as characters, of which there are no more.
  private static final int LONGEST_PATH = 4096;

  private final Header header;
  private final List<String> paths;

  FileList(Header header) {
    this.header = header;
    this.paths = paths(header);
  }

  /// Absolute paths as the header has them, without a check of what they lead to.
  static List<String> paths(Header header) {
    if (!header.has(Tag.BASENAMES)) {
      return header.names(Tag.OLDFILENAMES);
    }
    List<String> names = header.names(Tag.BASENAMES);
    List<String> directories = header.names(Tag.DIRNAMES);
    long[] indexes = header.numbers(Tag.DIRINDEXES);
    if (indexes.length != names.size()) {
      throw header
          .origin()
          .malformed("%d file names, but %d directory indexes", names.size(), indexes.length);
    }
    var result = new ArrayList<String>(names.size());
    for (int i = 0; i < indexes.length; i++) {
      if (indexes[i] >= directories.size()) {
        throw header
            .origin()
            .malformed("file %d lies in directory %d of %d", i, indexes[i], directories.size());
      }
      result.add(directories.get((int) indexes[i]) + names.get(i));
    }
    return result;
  }

  List<FileInfo> read() {
    int count = paths.size();
    long[] modes = numbers(Tag.FILEMODES);
    long[] sizes =
        header.has(Tag.LONGFILESIZES) ? numbers(Tag.LONGFILESIZES) : numbers(Tag.FILESIZES);
    long[] times = numbers(Tag.FILEMTIMES);
    long[] flags = numbers(Tag.FILEFLAGS);
    long[] verifyFlags = numbers(Tag.FILEVERIFYFLAGS);
    long[] filesystems = numbers(Tag.FILEDEVICES);
    long[] inodes = numbers(Tag.FILEINODES);
    long[] devices = numbers(Tag.FILERDEVS);
    long[] colors = numbers(Tag.FILECOLORS);
    List<String> users = strings(Tag.FILEUSERNAME);
    List<String> groups = strings(Tag.FILEGROUPNAME);
    List<String> digests = strings(Tag.FILEDIGESTS);
    List<String> targets = header.has(Tag.FILELINKTOS) ? targets() : strings(Tag.FILELINKTOS);
    List<String> capabilities = strings(Tag.FILECAPS);
    List<String> languages = strings(Tag.FILELANGS);
    Digest.Algorithm algorithm =
        DigestNumber.algorithm(header.number(Tag.FILEDIGESTALGO, DigestNumber.MD5), header);
    var result = new ArrayList<FileInfo>(count);
    for (int i = 0; i < count; i++) {
      result.add(
          new FileInfo(
              path(i),
              (int) modes[i],
              users.get(i),
              groups.get(i),
              sizes[i],
              times[i],
              digest(algorithm, digests.get(i), i),
              targets.get(i),
              (int) flags[i],
              (int) verifyFlags[i],
              inodes[i] == 0 ? 0 : filesystems[i] << 32 | inodes[i],
              (int) devices[i],
              capabilities.get(i),
              languages.get(i),
              (int) colors[i]));
    }
    return result;
  }

  /// One number for each file, zeros where the header has none.
  private long[] numbers(Tag tag) {
    long[] result = header.numbers(tag);
    return result.length == 0 ? new long[paths.size()] : checked(tag, result.length, result);
  }

  private List<String> strings(Tag tag) {
    List<String> result = header.strings(tag);
    if (result.isEmpty()) {
      var empty = new String[paths.size()];
      Arrays.fill(empty, "");
      return List.of(empty);
    }
    return checked(tag, result.size(), result);
  }

  private List<String> targets() {
    List<String> result = header.names(Tag.FILELINKTOS);
    return checked(Tag.FILELINKTOS, result.size(), result);
  }

  private <T> T checked(Tag tag, int size, T value) {
    if (size != paths.size()) {
      throw header
          .origin()
          .malformed("%d values of %s for %d files", size, tag.name(), paths.size());
    }
    return value;
  }

  private TreePath path(int i) {
    String path = paths.get(i);
    try {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("path is not absolute: '" + path + "'");
      }
      if (path.length() > LONGEST_PATH) {
        throw new IllegalArgumentException("path has more than 4096 bytes: '" + path + "'");
      }
      TreePath result = TreePath.parse(path);
      // Whatever parse dropped ("//usr", "/./usr", "/usr/") would give one file two names.
      if (!result.toString().equals(path)) {
        throw new IllegalArgumentException(
            "path has an empty, '.' or '..' component: '" + path + "'");
      }
      return result;
    } catch (IllegalArgumentException e) {
      throw header.origin().unfit("file %d: %s", i, e.getMessage());
    }
  }

  private @Nullable Digest digest(Digest.Algorithm algorithm, String hex, int i) {
    if (hex.isEmpty()) {
      return null;
    }
    try {
      return new Digest(algorithm, hex);
    } catch (IllegalArgumentException e) {
      throw header.origin().malformed("file %d (%s): %s", i, paths.get(i), e.getMessage());
    }
  }
}
