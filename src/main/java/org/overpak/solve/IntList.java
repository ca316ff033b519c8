package org.overpak.solve;

import java.util.Arrays;

/// A growing list of numbers of packages or literals, without boxing.
final class IntList {
  private int[] elements = new int[8];
  private int size;

  static IntList of(int... elements) {
    var list = new IntList();
    list.addAll(elements);
    return list;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int get(int index) {
    return elements[index];
  }

  void add(int element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, size * 2);
    }
    elements[size++] = element;
  }

  void addAll(int[] all) {
    for (int element : all) {
      add(element);
    }
  }

  int removeLast() {
    return elements[--size];
  }

  int[] toArray() {
    return Arrays.copyOf(elements, size);
  }
}
