package org.overpak.gvariant;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;

/// A typed value in GLib's [GVariant](https://docs.gtk.org/glib/struct.Variant.html) format, which
/// Flatpak's labels and OSTree's objects are written in.
///
/// Integers are little-endian in the bytes, as GLib writes them on the machines that matter. OSTree
/// stores many of its integers byte-swapped, so that they stand big-endian: {@link
/// UInt64#bigEndian} and {@link UInt32#bigEndian} make such values, {@link UInt64#swapped} and
/// {@link UInt32#swapped} read them.
public sealed interface Variant {
  VariantType type();

  /// The bytes, in normal form, as they stand at an address that is a multiple of 8.
  default byte[] serialize() {
    return VariantWriter.serialize(this);
  }

  /// Reads all of BYTES as one value of the type SIGNATURE.
  ///
  /// @throws OverpakException if they are not the normal form of such a value, saying where
  /// @throws IllegalArgumentException if SIGNATURE is not a type
  static Variant read(String signature, byte[] bytes) {
    return VariantReader.read(VariantType.parse(signature), bytes);
  }

  static Variant string(String value) {
    return new Text(value);
  }

  /// `as`.
  static Variant strings(List<String> values) {
    return new Array(VariantType.Basic.STRING, values.stream().map(Variant::string).toList());
  }

  static Variant tuple(Variant... members) {
    return new Tuple(List.of(members));
  }

  /// `a{sv}`, in the map's order.
  static Variant dictionary(SortedMap<String, Variant> values) {
    return new Array(
        new VariantType.EntryOf(VariantType.Basic.STRING, VariantType.Basic.VARIANT),
        values.entrySet().stream()
            .<Variant>map(
                entry -> new DictEntry(string(entry.getKey()), new Boxed(entry.getValue())))
            .toList());
  }

  /// `y`.
  record UInt8(byte value) implements Variant {
    @Override
    public VariantType type() {
      return VariantType.Basic.BYTE;
    }
  }

  /// `b`.
  record Bool(boolean value) implements Variant {
    @Override
    public VariantType type() {
      return VariantType.Basic.BOOLEAN;
    }
  }

  /// `i`.
  record Int32(int value) implements Variant {
    @Override
    public VariantType type() {
      return VariantType.Basic.INT32;
    }
  }

  /// `u`, in the 32 bits of VALUE.
  record UInt32(int value) implements Variant {
    /// The value whose bytes are VALUE's from the highest on.
    public static UInt32 bigEndian(int value) {
      return new UInt32(Integer.reverseBytes(value));
    }

    public int swapped() {
      return Integer.reverseBytes(value);
    }

    @Override
    public VariantType type() {
      return VariantType.Basic.UINT32;
    }
  }

  /// `t`, in the 64 bits of VALUE.
  record UInt64(long value) implements Variant {
    /// The value whose bytes are VALUE's from the highest on.
    public static UInt64 bigEndian(long value) {
      return new UInt64(Long.reverseBytes(value));
    }

    public long swapped() {
      return Long.reverseBytes(value);
    }

    @Override
    public VariantType type() {
      return VariantType.Basic.UINT64;
    }
  }

  /// `s`: any text without NUL.
  record Text(String value) implements Variant {
    public Text {
      if (value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "a GVariant string cannot hold a NUL: '" + value.replace('\0', '?') + "'");
      }
    }

    @Override
    public VariantType type() {
      return VariantType.Basic.STRING;
    }
  }

  /// `ay`.
  final class Bytes implements Variant {
    static final VariantType TYPE = new VariantType.ArrayOf(VariantType.Basic.BYTE);

    private final byte[] value;

    public Bytes(byte[] value) {
      this.value = value.clone();
    }

    public byte[] value() {
      return value.clone();
    }

    @Override
    public VariantType type() {
      return TYPE;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Bytes[" + HexFormat.of().formatHex(value) + "]";
    }
  }

  /// `v`: a value together with its type.
  record Boxed(Variant value) implements Variant {
    @Override
    public VariantType type() {
      return VariantType.Basic.VARIANT;
    }
  }

  /// `aE`; an array of bytes is {@link Bytes}.
  record Array(VariantType element, List<Variant> values) implements Variant {
    public Array {
      if (element == VariantType.Basic.BYTE) {
        throw new IllegalArgumentException("an array of bytes is made with Variant.Bytes");
      }
      values = List.copyOf(values);
      for (Variant value : values) {
        if (!value.type().equals(element)) {
          throw new IllegalArgumentException(
              value.type().signature() + " in an array of " + element.signature());
        }
      }
    }

    @Override
    public VariantType type() {
      return new VariantType.ArrayOf(element);
    }
  }

  /// `(AB…)`.
  record Tuple(List<Variant> members) implements Variant {
    public Tuple {
      members = List.copyOf(members);
    }

    @Override
    public VariantType type() {
      return new VariantType.TupleOf(members.stream().map(Variant::type).toList());
    }
  }

  /// `{KV}`, an element of a dictionary.
  record DictEntry(Variant key, Variant value) implements Variant {
    public DictEntry {
      if (!(key.type() instanceof VariantType.Basic) || key instanceof Boxed) {
        throw new IllegalArgumentException("no key: " + key.type().signature());
      }
    }

    @Override
    public VariantType type() {
      return new VariantType.EntryOf((VariantType.Basic) key.type(), value.type());
    }
  }
}
