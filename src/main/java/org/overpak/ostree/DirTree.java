package org.overpak.ostree;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.Digest;
import org.overpak.gvariant.Variant;
import org.overpak.gvariant.VariantType;
import org.overpak.tree.TreePath;

/// What stands in a directory, by name in the order of bytes, which readers search by halves:
/// `(a(say)a(sayay))`.
///
/// @param files ids of regular files and symbolic links
record DirTree(SortedMap<String, Digest> files, SortedMap<String, Directory> directories) {
  private static final VariantType.TupleOf TYPE =
      (VariantType.TupleOf) VariantType.parse("(a(say)a(sayay))");
  private static final VariantType FILE =
      ((VariantType.ArrayOf) TYPE.members().getFirst()).element();
  private static final VariantType DIRECTORY =
      ((VariantType.ArrayOf) TYPE.members().getLast()).element();

  /// @param tree its content
  /// @param meta its attributes
  record Directory(Digest tree, Digest meta) {}

  static DirTree empty() {
    return new DirTree(new TreeMap<>(TreePath::compare), new TreeMap<>(TreePath::compare));
  }

  byte[] serialize() {
    List<Variant> fileRows = new ArrayList<>(files.size());
    files.forEach((name, id) -> fileRows.add(Variant.tuple(Variant.string(name), id(id))));
    List<Variant> directoryRows = new ArrayList<>(directories.size());
    directories.forEach(
        (name, directory) ->
            directoryRows.add(
                Variant.tuple(Variant.string(name), id(directory.tree()), id(directory.meta()))));
    return Variant.tuple(
            new Variant.Array(FILE, fileRows), new Variant.Array(DIRECTORY, directoryRows))
        .serialize();
  }

  /// @throws IllegalArgumentException if names are out of order, occur twice or are none, or ids
  ///   are none
  static DirTree read(byte[] bytes) {
    List<Variant> members = ((Variant.Tuple) Variant.read(TYPE.signature(), bytes)).members();
    DirTree result = empty();
    for (Variant row : ((Variant.Array) members.getFirst()).values()) {
      List<Variant> columns = ((Variant.Tuple) row).members();
      put(result.files, columns.getFirst(), digest(columns.getLast()));
    }
    for (Variant row : ((Variant.Array) members.getLast()).values()) {
      List<Variant> columns = ((Variant.Tuple) row).members();
      var directory = new Directory(digest(columns.get(1)), digest(columns.get(2)));
      put(result.directories, columns.getFirst(), directory);
      if (result.files.containsKey(result.directories.lastKey())) {
        throw new IllegalArgumentException(
            "'" + columns.getFirst() + "' is a file and a directory");
      }
    }
    return result;
  }

  private static <T> void put(SortedMap<String, T> rows, Variant key, T value) {
    String name = ((Variant.Text) key).value();
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("'" + name + "' is no name of a file");
    }
    if (!rows.isEmpty() && TreePath.compare(rows.lastKey(), name) >= 0) {
      throw new IllegalArgumentException("'" + name + "' is out of order");
    }
    rows.put(name, value);
  }

  static Variant id(Digest digest) {
    return new Variant.Bytes(digest.bytes());
  }

  /// @throws IllegalArgumentException if it is not 32 bytes
  static Digest digest(Variant value) {
    return new Digest(
        Digest.Algorithm.SHA256, HexFormat.of().formatHex(((Variant.Bytes) value).value()));
  }
}
