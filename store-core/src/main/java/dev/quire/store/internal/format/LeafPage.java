package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// A leaf of a tree of byte keys.
///
/// |         size | field        | meaning                                                     |
/// |-------------:|--------------|-------------------------------------------------------------|
/// |           32 | header       | [PageHeader]                                                |
/// | prefixLength | prefix       | bytes that all keys begin with                              |
/// |  `u8[count]` | fingerprints | [Fingerprint] of each key                                   |
/// | `u16[count]` | offsets      | of each cell, from the page's beginning                     |
/// | `u32[count]` | heads        | [Heads] of each key                                         |
/// |              | gap          | not used                                                    |
/// |    heapBytes | cells        | [LeafCell]s, without holes, in any order, to the page's end |
///
/// Entries are in key order; arrays are packed without padding. What a lookup by fingerprint reads
/// of a page of some thirty entries, header to offsets, lies in its first 128 bytes.
public final class LeafPage {

  /// [PageType#LEAF] as a constant of switches.
  public static final int TYPE_CODE = 1;

  static final int FINGERPRINT_BYTES = 1;
  static final int OFFSET_BYTES = Short.BYTES;
  static final int HEAD_BYTES = Integer.BYTES;

  /// What an entry takes in the arrays.
  static final int SLOT_BYTES = FINGERPRINT_BYTES + OFFSET_BYTES + HEAD_BYTES;

  static {
    assert TYPE_CODE == PageType.LEAF.code();
  }

  private LeafPage() {}

  /// Offset of the prefix.
  public static long prefix(long page) {
    return page + PageHeader.SIZE_BYTES;
  }

  static long fingerprints(long page, long shape) {
    return page + PageHeader.SIZE_BYTES + PageHeader.prefixLength(shape);
  }

  static long offsets(long page, long shape) {
    return fingerprints(page, shape) + PageHeader.count(shape);
  }

  /// Offset of the array of heads.
  public static long heads(long page, long shape) {
    return offsets(page, shape) + (long) OFFSET_BYTES * PageHeader.count(shape);
  }

  /// Eight fingerprints from `index` on, the first in the lowest byte; behind the last one
  /// anything.
  public static long fingerprints(MemorySegment segment, long page, long shape, int index) {
    return segment.get(U64, fingerprints(page, shape) + index);
  }

  public static int fingerprint(MemorySegment segment, long page, long shape, int index) {
    return Byte.toUnsignedInt(segment.get(U8, fingerprints(page, shape) + index));
  }

  /// The head of an entry's key.
  public static int head(MemorySegment segment, long page, long shape, int index) {
    return segment.get(U32, heads(page, shape) + (long) index * HEAD_BYTES);
  }

  /// Offset of an entry's cell in the segment.
  public static long cell(MemorySegment segment, long page, long shape, int index) {
    long at = offsets(page, shape) + (long) index * OFFSET_BYTES;
    return page + Short.toUnsignedInt(segment.get(U16, at));
  }
}
