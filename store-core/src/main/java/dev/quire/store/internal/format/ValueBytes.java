package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// Comparison of values in pages, by plain reads: a fault of a mapping stays an exception.
public final class ValueBytes {

  private ValueBytes() {}

  /// Whether the `length` bytes at `atA` of one segment are those at `atB` of another.
  public static boolean equal(MemorySegment a, long atA, MemorySegment b, long atB, long length) {
    long i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      if (a.get(U64, atA + i) != b.get(U64, atB + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (a.get(U8, atA + i) != b.get(U8, atB + i)) {
        return false;
      }
    }
    return true;
  }
}
