package org.overpak.tree;

import java.util.Arrays;
import java.util.HexFormat;

/// The value of an extended attribute, compared by its bytes.
public final class ExtendedAttribute {
  private final byte[] value;

  public ExtendedAttribute(byte[] value) {
    this.value = value.clone();
  }

  public byte[] value() {
    return value.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExtendedAttribute that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
