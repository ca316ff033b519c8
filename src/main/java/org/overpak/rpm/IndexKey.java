package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What one row of an {@link IndexTable} says of a package (rpmdb.cc, `tag2index`).
///
/// @param key as it is stored
/// @param position in the header's array; of a file trigger, the number of its script
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record IndexKey(byte[] key, int position) {
  /// For packages that are in no group.
  private static final byte[] NO_GROUP = "Unknown".getBytes(StandardCharsets.US_ASCII);

  private static final String RPMLIB = "rpmlib(";

  /// The rows of TABLE for the package of HEADER, in rpm's order.
  static List<IndexKey> of(IndexTable table, Header header) {
    Tag tag = table.tag();
    return switch (table) {
      case NAME, SHA1HEADER -> positions(header.rawStrings(tag));
      case GROUP ->
          List.of(new IndexKey(header.has(tag) ? header.rawStrings(tag).getFirst() : NO_GROUP, 0));
      case BASENAMES, PROVIDENAME, OBSOLETENAME, DIRNAMES -> positions(header.rawStrings(tag));
      case REQUIRENAME -> rich(required(header));
      case CONFLICTNAME, RECOMMENDNAME, SUGGESTNAME, SUPPLEMENTNAME, ENHANCENAME ->
          rich(positions(header.rawStrings(tag)));
      case TRIGGERNAME -> firstOfEach(positions(header.rawStrings(tag)));
      case FILETRIGGERNAME -> scripts(header, tag, Tag.FILETRIGGERINDEX);
      case TRANSFILETRIGGERNAME -> scripts(header, tag, Tag.TRANSFILETRIGGERINDEX);
      case INSTALLTID -> transaction(header);
      case SIGMD5 -> header.has(tag) ? List.of(new IndexKey(header.bytes(tag), 0)) : List.of();
    };
  }

  private static List<IndexKey> positions(List<byte[]> strings) {
    List<IndexKey> result = new ArrayList<>(strings.size());
    for (byte[] string : strings) {
      result.add(new IndexKey(string, result.size()));
    }
    return result;
  }

  /// What must stay as long as the package does.
  private static List<IndexKey> required(Header header) {
    List<IndexKey> all = positions(header.rawStrings(Tag.REQUIRENAME));
    long[] flags = header.numbers(Tag.REQUIREFLAGS);
    return all.stream()
        .filter(
            row ->
                row.position >= flags.length
                    || !Requirement.isOnlyForInstall((int) flags[row.position]))
        .toList();
  }

  private static List<IndexKey> firstOfEach(List<IndexKey> rows) {
    Set<String> seen = new HashSet<>();
    return rows.stream().filter(row -> seen.add(text(row.key))).toList();
  }

  private static List<IndexKey> scripts(Header header, Tag names, Tag indexes) {
    List<byte[]> name = header.rawStrings(names);
    long[] script = header.numbers(indexes);
    if (script.length != name.size()) {
      throw header
          .origin()
          .malformed("%d values of %s, but %d of %s", name.size(), names, script.length, indexes);
    }
    List<IndexKey> result = new ArrayList<>(script.length);
    for (int i = 0; i < script.length; i++) {
      result.add(new IndexKey(name.get(i), (int) script[i]));
    }
    return result;
  }

  /// In the byte order of the machine; those that Overpak knows are little-endian but one.
  private static List<IndexKey> transaction(Header header) {
    return Arrays.stream(header.numbers(Tag.INSTALLTID))
        .mapToObj(
            id ->
                new IndexKey(
                    ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) id)
                        .array(),
                    0))
        .toList();
  }

  /// A rich dependency is found by its text, and by every name in it.
  private static List<IndexKey> rich(List<IndexKey> rows) {
    List<IndexKey> result = new ArrayList<>(rows.size());
    for (IndexKey row : rows) {
      result.add(row);
      if (row.key.length > 0 && row.key[0] == '(') {
        for (String name : names(text(row.key))) {
          // The blank only sorts what must hold before what must not.
          String key = name.startsWith(" ") ? name.substring(1) : name;
          result.add(new IndexKey(key.getBytes(StandardCharsets.ISO_8859_1), row.position));
        }
      }
    }
    return result;
  }

  /// The names in a rich dependency, each once and with `!` before those whose absence fulfils it;
  /// none of one that cannot be read.
  private static Set<String> names(String text) {
    Set<String> result = new TreeSet<>();
    try {
      collect(Dependency.parse(text), false, result);
    } catch (IllegalArgumentException e) {
      return Set.of();
    }
    return result;
  }

  private static void collect(Dependency dependency, boolean negated, Set<String> names) {
    switch (dependency) {
      case Dependency.Simple simple -> {
        if (!simple.name().startsWith(RPMLIB)) {
          names.add((negated ? "!" : " ") + simple.name());
        }
      }
      case Dependency.Joined(Dependency.Connective connective, List<Dependency> operands) -> {
        collect(operands.getFirst(), negated, names);
        boolean condition =
            switch (connective) {
              case IF, UNLESS -> true;
              case AND, OR, WITH, WITHOUT -> false;
            };
        for (Dependency operand : operands.subList(1, operands.size())) {
          collect(operand, negated != condition, names);
        }
      }
      case Dependency.Conditional conditional -> {
        collect(conditional.then(), negated, names);
        collect(conditional.condition(), negated, names);
        collect(conditional.condition(), !negated, names);
        collect(conditional.otherwise(), negated, names);
      }
    }
  }

  /// One character for each byte, and back.
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
