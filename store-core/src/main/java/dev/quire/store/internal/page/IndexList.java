package dev.quire.store.internal.page;

import java.util.Arrays;

/// A growing list of page indexes.
final class IndexList {

  private int[] items = new int[16];
  private int size;

  void push(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    items[size++] = item;
  }

  int pop() {
    return items[--size];
  }

  int get(int position) {
    return items[position];
  }

  void set(int position, int item) {
    items[position] = item;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void truncate(int newSize) {
    size = newSize;
  }
}
