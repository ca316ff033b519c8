package org.overpak.ostree;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.gvariant.Variant;
import org.overpak.gvariant.VariantType;

/// A commit: a tree and what is said about it, `(a{sv}aya(say)sstayay)`. What was read is written
/// again as the same bytes.
///
/// @param metadata of type `a{sv}`; its order counts for the checksum
/// @param parentId the commit before it, if it is known
/// @param subject one line
/// @param timestamp seconds since 1970
/// @param tree the root's dirtree
/// @param meta the root's dirmeta
public record Commit(
    Variant.Array metadata,
    @Nullable Digest parentId,
    String subject,
    String body,
    long timestamp,
    Digest tree,
    Digest meta) {
  static final String TYPE = "(a{sv}aya(say)sstayay)";

  private static final Variant NOTHING_RELATED =
      new Variant.Array(VariantType.parse("(say)"), List.of());

  /// A commit of TREE without parent, its metadata sorted by key.
  public static Commit of(
      SortedMap<String, Variant> metadata,
      String subject,
      String body,
      long timestamp,
      TreeObjects tree) {
    return new Commit(
        (Variant.Array) Variant.dictionary(metadata),
        null,
        subject,
        body,
        timestamp,
        tree.tree(),
        tree.meta());
  }

  public Optional<Digest> parent() {
    return Optional.ofNullable(parentId);
  }

  /// The metadata by key.
  public SortedMap<String, Variant> values() {
    return dictionary(metadata);
  }

  /// The text that the metadata have for KEY; empty if there is none.
  public String text(String key) {
    return values().get(key) instanceof Variant.Text(String value) ? value : "";
  }

  static SortedMap<String, Variant> dictionary(Variant.Array array) {
    SortedMap<String, Variant> values = new TreeMap<>();
    for (Variant value : array.values()) {
      var entry = (Variant.DictEntry) value;
      values.put(((Variant.Text) entry.key()).value(), ((Variant.Boxed) entry.value()).value());
    }
    return values;
  }

  public byte[] serialize() {
    return variant().serialize();
  }

  Variant variant() {
    return Variant.tuple(
        metadata,
        new Variant.Bytes(parent().map(Digest::bytes).orElse(new byte[0])),
        NOTHING_RELATED,
        Variant.string(subject),
        Variant.string(body),
        Variant.UInt64.bigEndian(timestamp),
        DirTree.id(tree),
        DirTree.id(meta));
  }

  /// The commit's checksum, its name.
  public Digest id() {
    return Digest.sha256(serialize());
  }

  /// @throws OverpakException (IMAGE) if BYTES are no commit, or one with related objects, which
  ///   libostree never wrote
  public static Commit read(byte[] bytes) {
    return of((Variant.Tuple) Variant.read(TYPE, bytes));
  }

  static Commit of(Variant.Tuple tuple) {
    List<Variant> members = tuple.members();
    try {
      if (!members.get(2).equals(NOTHING_RELATED)) {
        throw new IllegalArgumentException("it has related objects");
      }
      boolean orphan = ((Variant.Bytes) members.get(1)).value().length == 0;
      return new Commit(
          (Variant.Array) members.get(0),
          orphan ? null : DirTree.digest(members.get(1)),
          ((Variant.Text) members.get(3)).value(),
          ((Variant.Text) members.get(4)).value(),
          ((Variant.UInt64) members.get(5)).swapped(),
          DirTree.digest(members.get(6)),
          DirTree.digest(members.get(7)));
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "not a commit: " + e.getMessage(),
          "Get the commit again from its source.",
          e);
    }
  }
}
