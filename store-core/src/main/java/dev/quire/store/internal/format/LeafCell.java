package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// One entry's bytes in the heap of a leaf.
///
/// |   size | field                   | present     | meaning                                    |
/// |-------:|-------------------------|-------------|--------------------------------------------|
/// | varint | suffixLength*2+extended | always      | key bytes here behind the prefix           |
/// |      1 | flags                   | if extended | 1 overflow value, 2 spilled key, 4 expiry  |
/// | varint | valueLength             | always      | of the whole value                         |
/// |      8 | expiryMillis            | with flag 4 | when the entry ceases to be                |
/// |      4 | keyLength               | with flag 2 | of the whole key                           |
/// |      8 | keyRef                  | with flag 2 | the run with the key's remaining bytes     |
/// | suffix | suffix                  | always      | suffixLength bytes behind the prefix       |
/// |  value | value                   | always      | valueLength bytes, with flag 1 a reference |
///
/// What stands before the suffix is the cell's *head*; read once, it travels as one word, and the
/// functions of a head are pure. Leaves of integer keys have the same cells with empty suffixes.
public final class LeafCell {

  /// The value lies in an overflow run.
  public static final int OVERFLOW = 1;

  /// The key's end lies in an overflow run.
  public static final int SPILLED = 2;

  /// The entry expires.
  public static final int EXPIRES = 4;

  private static final int EXTENDED = 1;
  private static final int VARINT_MORE = 0x80;

  private static final int SPILL_BYTES = Integer.BYTES + Long.BYTES;
  private static final int REF_BYTES = Long.BYTES;

  private static final int VALUE_BITS = 41;
  private static final int SUFFIX_BITS = 15;
  private static final int FLAG_BITS = 3;
  private static final long VALUE_MASK = (1L << VALUE_BITS) - 1;
  private static final int SUFFIX_MASK = (1 << SUFFIX_BITS) - 1;
  private static final int FLAG_MASK = (1 << FLAG_BITS) - 1;
  private static final int FLAG_SHIFT = VALUE_BITS + SUFFIX_BITS;
  private static final int HEAD_SHIFT = FLAG_SHIFT + FLAG_BITS;

  /// Longest head.
  static final int MAX_HEAD_BYTES = 3 + 1 + Varint.MAX_BYTES + Long.BYTES + SPILL_BYTES;

  static {
    assert Limits.MAX_VALUE_BYTES <= VALUE_MASK;
    assert Limits.maxInlineKeyBytes(Limits.MAX_PAGE_SIZE_BYTES) <= SUFFIX_MASK;
    assert MAX_HEAD_BYTES < 1 << (Long.SIZE - HEAD_SHIFT);
  }

  private LeafCell() {}

  /// Reads a cell's head. Of corrupt bytes it is wrong, never an error.
  public static long head(MemorySegment segment, long cell) {
    int start = segment.get(U16, cell);
    if ((start & (VARINT_MORE | EXTENDED)) == 0) {
      int suffixLength = (start & (VARINT_MORE - 1)) >>> 1;
      int low = start >> Byte.SIZE;
      if (low >= 0) {
        return pack(2, 0, suffixLength, low);
      }
      int high = segment.get(U8, cell + 2);
      if (high >= 0) {
        return pack(3, 0, suffixLength, (low & (VARINT_MORE - 1)) | (high << 7));
      }
    }
    return longHead(segment, cell);
  }

  private static long longHead(MemorySegment segment, long cell) {
    long first = Varint.read(segment, cell);
    long at = cell + Varint.size(first);
    int flags = 0;
    if ((first & EXTENDED) != 0) {
      flags = segment.get(U8, at) & FLAG_MASK;
      at++;
    }
    long valueLength = Varint.read(segment, at);
    at += Varint.size(valueLength) + extraBytes(flags);
    return pack(
        (int) (at - cell), flags, (int) (first >>> 1) & SUFFIX_MASK, valueLength & VALUE_MASK);
  }

  private static long pack(int headBytes, int flags, int suffixLength, long valueLength) {
    return (long) headBytes << HEAD_SHIFT
        | (long) flags << FLAG_SHIFT
        | (long) suffixLength << VALUE_BITS
        | valueLength;
  }

  private static int extraBytes(int flags) {
    return ((flags & EXPIRES) != 0 ? Long.BYTES : 0) + ((flags & SPILLED) != 0 ? SPILL_BYTES : 0);
  }

  /// Bytes before the suffix.
  public static int headBytes(long head) {
    return (int) (head >>> HEAD_SHIFT);
  }

  public static int flags(long head) {
    return (int) (head >>> FLAG_SHIFT) & FLAG_MASK;
  }

  public static boolean isSpilled(long head) {
    return (flags(head) & SPILLED) != 0;
  }

  public static boolean isOverflow(long head) {
    return (flags(head) & OVERFLOW) != 0;
  }

  /// Bytes of the key in this cell.
  public static int suffixLength(long head) {
    return (int) (head >>> VALUE_BITS) & SUFFIX_MASK;
  }

  /// Length of the value, wherever it lies.
  public static long valueLength(long head) {
    return head & VALUE_MASK;
  }

  /// Offset of the value, or of the reference to it, from the cell's beginning.
  public static int valueOffset(long head) {
    return headBytes(head) + suffixLength(head);
  }

  /// Size of the cell.
  public static long sizeBytes(long head) {
    return valueOffset(head) + (isOverflow(head) ? REF_BYTES : valueLength(head));
  }

  /// The run of the value (with [#OVERFLOW]).
  public static long valueRef(MemorySegment segment, long cell, long head) {
    return segment.get(U64, cell + valueOffset(head));
  }

  /// Changes the run of the value (with [#OVERFLOW]).
  public static void setValueRef(MemorySegment segment, long cell, long head, long ref) {
    segment.set(U64, cell + valueOffset(head), ref);
  }

  /// When the entry expires, 0 for never.
  public static long expiryMillis(MemorySegment segment, long cell, long head) {
    int flags = flags(head);
    if ((flags & EXPIRES) == 0) {
      return 0;
    }
    int spillBytes = (flags & SPILLED) != 0 ? SPILL_BYTES : 0;
    return segment.get(U64, cell + headBytes(head) - spillBytes - Long.BYTES);
  }

  /// Length of the whole key (with [#SPILLED]).
  public static int keyLength(MemorySegment segment, long cell, long head) {
    return segment.get(U32, cell + headBytes(head) - SPILL_BYTES);
  }

  /// The run of the key's remaining bytes (with [#SPILLED]).
  public static long keyRef(MemorySegment segment, long cell, long head) {
    return segment.get(U64, cell + headBytes(head) - REF_BYTES);
  }

  /// Changes the run of the key's remaining bytes (with [#SPILLED]).
  public static void setKeyRef(MemorySegment segment, long cell, long head, long ref) {
    segment.set(U64, cell + headBytes(head) - REF_BYTES, ref);
  }

  /// Size of the cell of `entry` in a page with a prefix of this length.
  static int sizeBytes(PageEntry entry, int prefixLength) {
    return (int) sizeBytes(headOf(entry, prefixLength));
  }

  private static long headOf(PageEntry entry, int prefixLength) {
    int flags = entry.leafFlags();
    int suffixLength = entry.storedLength - prefixLength;
    int bytes =
        Varint.size((long) suffixLength << 1)
            + (flags == 0 ? 0 : 1)
            + Varint.size(entry.valueLength)
            + extraBytes(flags);
    return pack(bytes, flags, suffixLength, entry.valueLength);
  }

  /// Writes the cell of `entry`.
  static void write(MemorySegment segment, long cell, PageEntry entry, int prefixLength) {
    int flags = entry.leafFlags();
    int suffixLength = entry.storedLength - prefixLength;
    long at = writeStart(segment, cell, flags, suffixLength, entry.valueLength);
    if ((flags & EXPIRES) != 0) {
      segment.set(U64, at, entry.expiryMillis);
      at += Long.BYTES;
    }
    if ((flags & SPILLED) != 0) {
      segment.set(U32, at, entry.keyLength);
      segment.set(U64, at + Integer.BYTES, entry.keyRef);
      at += SPILL_BYTES;
    }
    MemorySegment.copy(entry.key, prefixLength, segment, U8, at, suffixLength);
    at += suffixLength;
    if ((flags & OVERFLOW) != 0) {
      segment.set(U64, at, entry.valueRef);
    } else {
      MemorySegment.copy(entry.value, entry.valueOffset, segment, at, entry.valueLength);
    }
  }

  private static long writeStart(
      MemorySegment segment, long cell, int flags, int suffixLength, long valueLength) {
    int extended = flags == 0 ? 0 : EXTENDED;
    long at = Varint.write(segment, cell, (long) suffixLength << 1 | extended);
    if (extended != 0) {
      segment.set(U8, at++, (byte) flags);
    }
    return Varint.write(segment, at, valueLength);
  }

  /// Size of the cell of this head with its suffix longer by `growth` (or shorter).
  static long resizedBytes(long head, int growth) {
    int suffixLength = suffixLength(head);
    return sizeBytes(head)
        + growth
        + Varint.size(((long) suffixLength + growth) << 1)
        - Varint.size((long) suffixLength << 1);
  }

  /// Writes what stands before the suffix of a copy of `cell` whose suffix is longer by `growth`.
  ///
  /// @return offset of the suffix
  static long copyHead(
      MemorySegment from, long cell, long head, int growth, MemorySegment to, long target) {
    int flags = flags(head);
    long at = writeStart(to, target, flags, suffixLength(head) + growth, valueLength(head));
    int extra = extraBytes(flags);
    MemorySegment.copy(from, cell + headBytes(head) - extra, to, at, extra);
    return at + extra;
  }
}
