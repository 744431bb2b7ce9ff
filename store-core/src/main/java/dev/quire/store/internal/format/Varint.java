package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// Unsigned integers of variable length: seven bits a byte, the lowest first; bit 7 says that more
/// follow. Numbers are written in as few bytes as possible.
final class Varint {

  /// Longest form: 42 bits.
  static final int MAX_BYTES = 6;

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  static {
    assert Limits.MAX_VALUE_BYTES < 1L << (MAX_BYTES * BITS);
  }

  private Varint() {}

  static int size(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
    return (bits + BITS - 1) / BITS;
  }

  /// Reads the number at `at`, of at most [#MAX_BYTES] bytes whatever is there.
  static long read(MemorySegment segment, long at) {
    long value = 0;
    for (int i = 0; i < MAX_BYTES; i++) {
      byte next = segment.get(U8, at + i);
      value |= (long) (next & (MORE - 1)) << (i * BITS);
      if (next >= 0) {
        break;
      }
    }
    return value;
  }

  /// Writes a number.
  ///
  /// @return the offset behind it
  static long write(MemorySegment segment, long at, long value) {
    long rest = value;
    while (rest >= MORE) {
      segment.set(U8, at++, (byte) (rest | MORE));
      rest >>>= BITS;
    }
    segment.set(U8, at, (byte) rest);
    return at + 1;
  }
}
