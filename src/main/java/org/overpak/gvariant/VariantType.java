package org.overpak.gvariant;

import java.util.ArrayList;
import java.util.List;

/// The type of a {@link Variant}, written as GLib does: `a{sv}`, `(uuua(ayay))`.
///
/// Holds what labels and OSTree objects are made of; GVariant's `n q x h d o g m` are not among
/// them and are refused.
public sealed interface VariantType {
  /// Types nested deeper than this are refused, as GLib does (G_VARIANT_MAX_RECURSION_DEPTH is
  /// 128).
  int DEEPEST = 64;

  /// The type string.
  String signature();

  /// A value starts at a multiple of this many bytes: 1, 4 or 8.
  int alignment();

  /// Bytes of each value, padding included; 0 if values differ in length.
  int fixedSize();

  default boolean isFixedSize() {
    return fixedSize() > 0;
  }

  /// @throws IllegalArgumentException if SIGNATURE is not exactly one supported type
  static VariantType parse(String signature) {
    var parser = new Parser(signature);
    VariantType type = parser.type(0);
    if (parser.at != signature.length()) {
      throw parser.malformed("more than one type");
    }
    return type;
  }

  /// Types without parts. A variant (`v`) carries the type of its value in its bytes.
  enum Basic implements VariantType {
    BYTE("y", 1, 1),
    BOOLEAN("b", 1, 1),
    INT32("i", 4, 4),
    UINT32("u", 4, 4),
    UINT64("t", 8, 8),
    STRING("s", 1, 0),
    VARIANT("v", 8, 0);

    private final String signature;
    private final int alignment;
    private final int fixedSize;

    Basic(String signature, int alignment, int fixedSize) {
      this.signature = signature;
      this.alignment = alignment;
      this.fixedSize = fixedSize;
    }

    @Override
    public String signature() {
      return signature;
    }

    @Override
    public int alignment() {
      return alignment;
    }

    @Override
    public int fixedSize() {
      return fixedSize;
    }
  }

  /// `aE`.
  record ArrayOf(VariantType element) implements VariantType {
    @Override
    public String signature() {
      return "a" + element.signature();
    }

    @Override
    public int alignment() {
      return element.alignment();
    }

    @Override
    public int fixedSize() {
      return 0;
    }
  }

  /// `(AB…)`.
  record TupleOf(List<VariantType> members) implements VariantType {
    public TupleOf {
      members = List.copyOf(members);
    }

    @Override
    public String signature() {
      var text = new StringBuilder("(");
      members.forEach(member -> text.append(member.signature()));
      return text.append(')').toString();
    }

    @Override
    public int alignment() {
      return alignmentOf(members);
    }

    @Override
    public int fixedSize() {
      return fixedSizeOf(members);
    }
  }

  /// `{KV}`, which stands only inside an array.
  record EntryOf(Basic key, VariantType value) implements VariantType {
    @Override
    public String signature() {
      return "{" + key.signature() + value.signature() + "}";
    }

    @Override
    public int alignment() {
      return alignmentOf(members());
    }

    @Override
    public int fixedSize() {
      return fixedSizeOf(members());
    }

    List<VariantType> members() {
      return List.of(key, value);
    }
  }

  private static int alignmentOf(List<VariantType> members) {
    return members.stream().mapToInt(VariantType::alignment).max().orElse(1);
  }

  private static int fixedSizeOf(List<VariantType> members) {
    int size = 0;
    for (VariantType member : members) {
      if (!member.isFixedSize()) {
        return 0;
      }
      size = align(size, member.alignment()) + member.fixedSize();
    }
    // The empty tuple takes one byte, so that an array of it can be counted.
    return members.isEmpty() ? 1 : align(size, alignmentOf(members));
  }

  /// POSITION, or the next multiple of ALIGNMENT, a power of two.
  static int align(int position, int alignment) {
    return (position + alignment - 1) & -alignment;
  }

  /// Recursive descent over a type string.
  final class Parser {
    private final String signature;
    private int at;

    private Parser(String signature) {
      this.signature = signature;
    }

    private VariantType type(int depth) {
      if (depth > DEEPEST) {
        throw malformed("nested more than " + DEEPEST + " deep");
      }
      return switch (next()) {
        case 'a' -> new ArrayOf(peek() == '{' ? entry(depth + 1) : type(depth + 1));
        case '(' -> tuple(depth + 1);
        default -> {
          at--;
          yield basic();
        }
      };
    }

    private EntryOf entry(int depth) {
      at++;
      Basic key = basic();
      if (key == Basic.VARIANT) {
        throw malformed("a dictionary's key must be a plain value");
      }
      VariantType value = type(depth + 1);
      if (next() != '}') {
        throw malformed("a dictionary's entry has a key and a value");
      }
      return new EntryOf(key, value);
    }

    private TupleOf tuple(int depth) {
      List<VariantType> members = new ArrayList<>();
      while (peek() != ')') {
        members.add(type(depth));
      }
      at++;
      return new TupleOf(members);
    }

    private Basic basic() {
      char code = next();
      for (Basic basic : Basic.values()) {
        if (basic.signature.charAt(0) == code) {
          return basic;
        }
      }
      throw malformed("'" + code + "' is not supported");
    }

    private char next() {
      char code = peek();
      at++;
      return code;
    }

    private char peek() {
      if (at >= signature.length()) {
        throw malformed("it ends too early");
      }
      return signature.charAt(at);
    }

    private IllegalArgumentException malformed(String what) {
      return new IllegalArgumentException(
          "not a GVariant type: '" + signature + "', at " + at + ": " + what);
    }
  }
}
