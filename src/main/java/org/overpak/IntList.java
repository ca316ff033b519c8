package org.overpak;

import java.util.Arrays;

/// A growing list of numbers, without boxing.
public final class IntList {
  private int[] elements = new int[8];
  private int size;

  public static IntList of(int... elements) {
    var list = new IntList();
    list.addAll(elements);
    return list;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int get(int index) {
    return elements[index];
  }

  public void add(int element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, size * 2);
    }
    elements[size++] = element;
  }

  public void addAll(int[] all) {
    for (int element : all) {
      add(element);
    }
  }

  public void clear() {
    size = 0;
  }

  public int removeLast() {
    return elements[--size];
  }

  public int[] toArray() {
    return Arrays.copyOf(elements, size);
  }
}
