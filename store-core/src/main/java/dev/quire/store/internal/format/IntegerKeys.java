package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// A dense array of integer keys in unsigned order.
final class IntegerKeys {

  private IntegerKeys() {}

  /// The first of `count` keys that is not less than `key`, or count.
  static int atLeast(MemorySegment segment, long keys, int count, long key) {
    long wanted = key ^ Long.MIN_VALUE;
    int base = 0;
    int length = count;
    while (length > 0) {
      int half = length >>> 1;
      long probe = segment.get(U64, keys + (long) (base + half) * Long.BYTES) ^ Long.MIN_VALUE;
      if (probe < wanted) {
        base += half + 1;
        length -= half + 1;
      } else {
        length = half;
      }
    }
    return base;
  }
}
