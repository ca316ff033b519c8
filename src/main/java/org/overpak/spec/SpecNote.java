package org.overpak.spec;

/// Something in a spec that is not wrong but that its author will want to know: a key that has no
/// meaning here, a word that is cut short.
public record SpecNote(SpecPosition position, String message) {
  @Override
  public String toString() {
    return position + ": " + message;
  }
}
