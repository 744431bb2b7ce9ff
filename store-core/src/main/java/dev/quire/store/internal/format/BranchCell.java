package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// The rest of a separator in the heap of a branch.
///
/// |   size | field                  | present    | meaning                                |
/// |-------:|------------------------|------------|----------------------------------------|
/// | varint | suffixLength*2+spilled | always     | bytes stored here behind the prefix    |
/// |      4 | keyLength              | if spilled | of the whole separator                 |
/// |      8 | keyRef                 | if spilled | the run with the remaining bytes       |
/// |   rest | suffix                 | always     | suffixLength - 4 bytes behind the head |
public final class BranchCell {

  private static final int SPILLED = 1;
  private static final int SPILL_BYTES = Integer.BYTES + Long.BYTES;
  private static final int HEAD_BYTES = BranchPage.HEAD_BYTES;

  private BranchCell() {}

  private static int start(MemorySegment segment, long cell) {
    int first = segment.get(U8, cell);
    return first >= 0 ? first : (int) Varint.read(segment, cell);
  }

  /// Whether a run holds the separator's end.
  public static boolean isSpilled(MemorySegment segment, long cell) {
    return (start(segment, cell) & SPILLED) != 0;
  }

  /// Bytes of the separator behind the prefix, those in the head included.
  public static int suffixLength(MemorySegment segment, long cell) {
    return start(segment, cell) >>> 1;
  }

  /// Offset of the suffix from the cell's beginning.
  public static int suffixOffset(MemorySegment segment, long cell) {
    int start = start(segment, cell);
    return Varint.size(start) + ((start & SPILLED) != 0 ? SPILL_BYTES : 0);
  }

  /// Length of the whole separator (only if spilled).
  public static int keyLength(MemorySegment segment, long cell) {
    return segment.get(U32, cell + suffixOffset(segment, cell) - SPILL_BYTES);
  }

  /// The run of the remaining bytes (only if spilled).
  public static long keyRef(MemorySegment segment, long cell) {
    return segment.get(U64, cell + suffixOffset(segment, cell) - Long.BYTES);
  }

  /// Changes the run of the remaining bytes (only if spilled).
  public static void setKeyRef(MemorySegment segment, long cell, long ref) {
    segment.set(U64, cell + suffixOffset(segment, cell) - Long.BYTES, ref);
  }

  /// Size of the cell.
  public static int sizeBytes(MemorySegment segment, long cell) {
    int start = start(segment, cell);
    return sizeBytes(start >>> 1, (start & SPILLED) != 0);
  }

  /// Size of the cell of such a separator.
  static int sizeBytes(int suffixLength, boolean spilled) {
    return Varint.size((long) suffixLength << 1)
        + (spilled ? SPILL_BYTES : 0)
        + Math.max(0, suffixLength - HEAD_BYTES);
  }

  /// Writes the cell of the separator `entry`.
  static void write(MemorySegment segment, long cell, PageEntry entry, int prefixLength) {
    int suffixLength = entry.storedLength - prefixLength;
    boolean spilled = entry.keyRef != PageRef.NONE;
    long at = Varint.write(segment, cell, (long) suffixLength << 1 | (spilled ? SPILLED : 0));
    if (spilled) {
      segment.set(U32, at, entry.keyLength);
      segment.set(U64, at + Integer.BYTES, entry.keyRef);
      at += SPILL_BYTES;
    }
    if (suffixLength > HEAD_BYTES) {
      int from = prefixLength + HEAD_BYTES;
      MemorySegment.copy(entry.key, from, segment, U8, at, suffixLength - HEAD_BYTES);
    }
  }
}
