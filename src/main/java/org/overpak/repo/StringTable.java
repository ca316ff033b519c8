package org.overpak.repo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.overpak.IntList;

/// Strings as dense numbers from 0, found by hash with open addressing: metadata has some hundred
/// thousand different ones, and a `HashMap` entry for each would cost more than all the rest.
final class StringTable {
  private final IntList starts = IntList.of(0);
  private byte[] bytes = new byte[1 << 16];
  private int length;
  private @Nullable String[] table = new String[1 << 12];
  private int[] numbers = new int[table.length];
  private int shared;

  int size() {
    return starts.size() - 1;
  }

  /// The number of TEXT; a new one if there is none.
  int add(String text) {
    int slot = slot(text);
    if (table[slot] == null) {
      if (shared >= table.length / 2) {
        grow();
        slot = slot(text);
      }
      table[slot] = text;
      numbers[slot] = addUnshared(text);
      shared++;
    }
    return numbers[slot];
  }

  /// A new number for TEXT, which nobody will look for.
  int addUnshared(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length - length < encoded.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + encoded.length));
    }
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
    starts.add(length);
    return size() - 1;
  }

  private int slot(String text) {
    int mask = table.length - 1;
    int slot = spread(text.hashCode()) & mask;
    while (true) {
      String there = table[slot];
      if (there == null || there.equals(text)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  /// Where in a table a string of this hash belongs.
  static int spread(int hash) {
    int product = hash * 0x9E3779B9;
    return product ^ (product >>> 16);
  }

  private void grow() {
    @Nullable String[] oldTable = table;
    int[] oldNumbers = numbers;
    table = new String[oldTable.length * 2];
    numbers = Arrays.copyOf(oldNumbers, table.length);
    for (int i = 0; i < oldTable.length; i++) {
      String text = oldTable[i];
      if (text != null) {
        int slot = slot(text);
        table[slot] = text;
        numbers[slot] = oldNumbers[i];
      }
    }
  }

  /// For each string where its bytes begin, and the end of the last.
  int[] starts() {
    return starts.toArray();
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  /// The hash table of the shared strings: a number plus one, or 0, at each slot.
  int[] slots() {
    int[] slots = new int[table.length];
    for (int i = 0; i < table.length; i++) {
      slots[i] = table[i] == null ? 0 : numbers[i] + 1;
    }
    return slots;
  }
}
