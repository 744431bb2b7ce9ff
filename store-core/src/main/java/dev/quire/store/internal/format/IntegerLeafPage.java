package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// A leaf of a tree of integer keys.
///
/// |         size | field   | meaning                                                           |
/// |-------------:|---------|-------------------------------------------------------------------|
/// |           32 | header  | [PageHeader]; prefixLength is 0                                   |
/// | `u64[count]` | keys    | in unsigned order: a key of eight bytes read as big-endian number |
/// | `u16[count]` | offsets | of each cell, from the page's beginning                           |
/// |              | gap     | not used                                                          |
/// |    heapBytes | cells   | [LeafCell]s with empty suffixes, without holes, to the page's end |
public final class IntegerLeafPage {

  /// [PageType#INTEGER_LEAF] as a constant of switches.
  public static final int TYPE_CODE = 3;

  static final int KEY_BYTES = Long.BYTES;
  static final int OFFSET_BYTES = Short.BYTES;

  /// What an entry takes in the arrays.
  static final int SLOT_BYTES = KEY_BYTES + OFFSET_BYTES;

  static {
    assert TYPE_CODE == PageType.INTEGER_LEAF.code();
  }

  private IntegerLeafPage() {}

  static long keys(long page) {
    return page + PageHeader.SIZE_BYTES;
  }

  static long offsets(long page, long shape) {
    return keys(page) + (long) KEY_BYTES * PageHeader.count(shape);
  }

  public static long key(MemorySegment segment, long page, int index) {
    return segment.get(U64, keys(page) + (long) index * KEY_BYTES);
  }

  /// The first key that is not less than `key`, or count.
  public static int atLeast(MemorySegment segment, long page, long shape, long key) {
    return IntegerKeys.atLeast(segment, keys(page), PageHeader.count(shape), key);
  }

  /// Offset of an entry's cell in the segment.
  public static long cell(MemorySegment segment, long page, long shape, int index) {
    long at = offsets(page, shape) + (long) index * OFFSET_BYTES;
    return page + Short.toUnsignedInt(segment.get(U16, at));
  }
}
