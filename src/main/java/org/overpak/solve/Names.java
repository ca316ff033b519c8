package org.overpak.solve;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Strings as dense numbers from 0, found by hash with open addressing: a universe has some hundred
/// thousand, and a `HashMap` entry for each would cost more than all the rest.
final class Names {
  private @Nullable String[] table = new String[1 << 12];
  private int[] numbers = new int[table.length];
  private int size;

  int size() {
    return size;
  }

  /// The number of NAME, or -1 if it was never added.
  int find(String name) {
    int slot = slot(name);
    return table[slot] == null ? -1 : numbers[slot];
  }

  /// The number of NAME; a new one if there is none.
  int add(String name) {
    int slot = slot(name);
    if (table[slot] == null) {
      if (size >= table.length / 2) {
        grow();
        slot = slot(name);
      }
      table[slot] = name;
      numbers[slot] = size++;
    }
    return numbers[slot];
  }

  private int slot(String name) {
    int mask = table.length - 1;
    int hash = name.hashCode() * 0x9E3779B9;
    int slot = (hash ^ (hash >>> 16)) & mask;
    while (true) {
      String there = table[slot];
      if (there == null || there.equals(name)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  private void grow() {
    @Nullable String[] oldTable = table;
    int[] oldNumbers = numbers;
    table = new String[oldTable.length * 2];
    numbers = Arrays.copyOf(oldNumbers, table.length);
    for (int i = 0; i < oldTable.length; i++) {
      String name = oldTable[i];
      if (name != null) {
        int slot = slot(name);
        table[slot] = name;
        numbers[slot] = oldNumbers[i];
      }
    }
  }
}
