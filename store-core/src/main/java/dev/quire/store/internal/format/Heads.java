package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;

import java.lang.foreign.MemorySegment;

/// Heads: the four bytes of a key behind the page's prefix, as an unsigned number that orders as
/// they do. Shorter keys are padded with zeros, so equal heads do not mean equal keys.
public final class Heads {

  /// Below this many heads, counting all is faster than halving.
  private static final int COUNTED = 16;

  private Heads() {}

  /// The first of the heads `[from, to)` that is not less than `head`, or `to`.
  ///
  /// Free of unpredictable branches: comparisons become arithmetic.
  ///
  /// @param heads offset of the array, in order
  public static int atLeast(MemorySegment segment, long heads, int from, int to, int head) {
    long wanted = Integer.toUnsignedLong(head);
    int base = from;
    int length = to - from;
    while (length > COUNTED) {
      int half = length >>> 1;
      long probe = unsigned(segment, heads, base + half - 1);
      base += half & (int) ((probe - wanted) >> 63);
      length -= half;
    }
    int less = 0;
    for (int i = 0; i < length; i++) {
      less += (int) ((unsigned(segment, heads, base + i) - wanted) >>> 63);
    }
    return base + less;
  }

  /// The end of the heads from `from` on that equal `head`, all of them in order and not less.
  public static int equalEnd(MemorySegment segment, long heads, int from, int to, int head) {
    if (from == to || segment.get(U32, heads + (long) from * Integer.BYTES) != head) {
      return from;
    }
    return head == -1 ? to : atLeast(segment, heads, from + 1, to, head + 1);
  }

  /// How many heads of an array of `count` are less than `head`, all of them looked at.
  static int countLess(MemorySegment segment, long heads, int count, int head) {
    long wanted = Integer.toUnsignedLong(head);
    int less = 0;
    for (int i = 0; i < count; i++) {
      less += (int) ((unsigned(segment, heads, i) - wanted) >>> 63);
    }
    return less;
  }

  private static long unsigned(MemorySegment segment, long heads, int index) {
    return Integer.toUnsignedLong(segment.get(U32, heads + (long) index * Integer.BYTES));
  }
}
