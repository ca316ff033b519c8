package org.overpak.tree;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The path of an entry below the root of a tree: components joined by `/`, without a leading one.
/// The root itself is the empty path.
///
/// Paths are UTF-8 and ordered as their bytes are, which is the order of rpm's file lists and of
/// strcmp; it is not the order of {@link String#compareTo}. A directory comes before what it holds,
/// but its content need not follow at once: `a`, `a-b`, `a/c`.
public record TreePath(String value) implements Comparable<TreePath> {
  public static final TreePath ROOT = new TreePath("");

  /// Longest name of one component, in bytes: NAME_MAX of Linux.
  private static final int LONGEST_NAME = 255;

  /// @throws IllegalArgumentException if VALUE has an empty, `.` or `..` component or a NUL
  public TreePath {
    if (!value.isEmpty()) {
      check(value);
    }
  }

  private static void check(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("path has a NUL byte: " + value.replace('\0', '?'));
    }
    int start = 0;
    while (start <= value.length()) {
      int slash = value.indexOf('/', start);
      int end = slash < 0 ? value.length() : slash;
      if (end == start
          || (value.charAt(start) == '.'
              && (end == start + 1 || (end == start + 2 && value.charAt(start + 1) == '.')))) {
        throw new IllegalArgumentException(
            "path has an empty, '.' or '..' component: '" + value + "'");
      }
      start = end + 1;
    }
  }

  /// The path that an archive or a header names: a leading `/` or `./` and a trailing `/` are
  /// dropped.
  ///
  /// @throws IllegalArgumentException as the constructor does, and for a component of more than 255
  ///   bytes, which no filesystem of Linux holds
  public static TreePath parse(String name) {
    int start = 0;
    int end = name.length();
    while (true) {
      if (start < end && name.charAt(start) == '/') {
        start++;
      } else if (start + 1 < end && name.charAt(start) == '.' && name.charAt(start + 1) == '/') {
        start += 2;
      } else {
        break;
      }
    }
    while (end > start && name.charAt(end - 1) == '/') {
      end--;
    }
    String value = name.substring(start, end);
    if (value.equals(".") || value.isEmpty()) {
      return ROOT;
    }
    if (value.length() > LONGEST_NAME / 4) {
      for (String component : value.split("/", -1)) {
        if (component.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
          throw new IllegalArgumentException("path has a name of more than 255 bytes: " + value);
        }
      }
    }
    return new TreePath(value);
  }

  /// As {@link #parse(String)}, of bytes that must be UTF-8.
  ///
  /// @throws IllegalArgumentException also if they are not
  public static TreePath parse(byte[] name) {
    return parse(decode(name));
  }

  /// Strict UTF-8: a name that is not text would be changed by a lenient decoder.
  ///
  /// @throws IllegalArgumentException if BYTES are not UTF-8
  public static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "name is not UTF-8: " + new String(bytes, StandardCharsets.ISO_8859_1), e);
    }
  }

  public boolean isRoot() {
    return value.isEmpty();
  }

  /// The last component; empty for the root.
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /// The directory that holds this entry; the root is its own parent, as in POSIX.
  public TreePath parent() {
    int slash = value.lastIndexOf('/');
    return slash < 0 ? ROOT : new TreePath(value.substring(0, slash));
  }

  /// Whether PATH is directly in this directory, or both are the root.
  boolean isParentOf(TreePath path) {
    int slash = path.value.lastIndexOf('/');
    return slash < 0 ? isRoot() : slash == value.length() && path.value.startsWith(value);
  }

  /// RELATIVE below this path.
  public TreePath resolve(TreePath relative) {
    if (isRoot()) {
      return relative;
    }
    return relative.isRoot() ? this : new TreePath(value + "/" + relative.value);
  }

  /// RELATIVE (no leading `/`) below this path.
  public TreePath resolve(String relative) {
    return resolve(new TreePath(relative));
  }

  /// Whether this is DIRECTORY or something in it.
  public boolean startsWith(TreePath directory) {
    return directory.isRoot()
        || (value.startsWith(directory.value)
            && (value.length() == directory.value.length()
                || value.charAt(directory.value.length()) == '/'));
  }

  /// This path as seen from DIRECTORY, in which it must lie.
  public TreePath relativeTo(TreePath directory) {
    if (!startsWith(directory)) {
      throw new IllegalArgumentException(this + " is not in " + directory);
    }
    if (directory.isRoot()) {
      return this;
    }
    return value.length() == directory.value.length()
        ? ROOT
        : new TreePath(value.substring(directory.value.length() + 1));
  }

  /// This path with the leading directory FROM, in which it must lie, replaced by TO.
  public TreePath move(TreePath from, TreePath to) {
    return to.resolve(relativeTo(from));
  }

  @Override
  public int compareTo(TreePath other) {
    return compare(value, other.value);
  }

  /// Order of the UTF-8 bytes of two strings, which is the order of their code points.
  public static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates stand for code points above every other char.
        boolean xHigh = Character.isSurrogate(x);
        boolean yHigh = Character.isSurrogate(y);
        return xHigh == yHigh ? x - y : xHigh ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  @Override
  public String toString() {
    return "/" + value;
  }
}
