package dev.quire.store.internal.copy;

import dev.quire.store.internal.format.PageRef;
import java.util.Arrays;

/// References that can be found by their stamp bits, each at most once.
final class RefList {

  private long[] refs = new long[16];
  private boolean[] found = new boolean[0];
  private int size;

  void add(long ref) {
    if (size == refs.length) {
      refs = Arrays.copyOf(refs, 2 * size);
    }
    refs[size++] = ref;
  }

  long get(int index) {
    return refs[index];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /// Puts the references in the order of their stamp bits; nothing is added from now on.
  void seal() {
    Arrays.sort(refs, 0, size);
    found = new boolean[size];
  }

  /// Index of the first reference whose stamp bits are those of `ref` or greater; the list is
  /// sealed.
  int firstLike(long ref) {
    long key = PageRef.of(0, PageRef.stampBits(ref));
    int index = Arrays.binarySearch(refs, 0, size, key);
    return index < 0 ? -index - 1 : index;
  }

  void setFound(int index) {
    found[index] = true;
  }

  boolean isFound(int index) {
    return found[index];
  }
}
