package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// A branch of a tree of integer keys: `count` separators between `count + 1` children.
///
/// Child i holds the keys from separator i-1 on that are less than separator i.
///
/// |           size | field    | meaning                                        |
/// |---------------:|----------|------------------------------------------------|
/// |             32 | header   | [PageHeader]; prefixLength and heapBytes are 0 |
/// |   `u64[count]` | keys     | separators, as in [IntegerLeafPage]            |
/// | `u64[count+1]` | children | references                                     |
public final class IntegerBranchPage {

  /// [PageType#INTEGER_BRANCH] as a constant of switches.
  public static final int TYPE_CODE = 4;

  static final int KEY_BYTES = Long.BYTES;
  static final int CHILD_BYTES = Long.BYTES;

  /// What a separator and its child take.
  static final int SLOT_BYTES = KEY_BYTES + CHILD_BYTES;

  static {
    assert TYPE_CODE == PageType.INTEGER_BRANCH.code();
  }

  private IntegerBranchPage() {}

  static long keys(long page) {
    return page + PageHeader.SIZE_BYTES;
  }

  static long children(long page, long shape) {
    return keys(page) + (long) KEY_BYTES * PageHeader.count(shape);
  }

  public static long key(MemorySegment segment, long page, int index) {
    return segment.get(U64, keys(page) + (long) index * KEY_BYTES);
  }

  /// The child that holds `key`, if any does.
  public static int childFor(MemorySegment segment, long page, long shape, long key) {
    int count = PageHeader.count(shape);
    int index = IntegerKeys.atLeast(segment, keys(page), count, key);
    return index < count && key(segment, page, index) == key ? index + 1 : index;
  }

  /// The child at `index`, 0 to count.
  public static long child(MemorySegment segment, long page, long shape, int index) {
    return segment.get(U64, children(page, shape) + (long) index * CHILD_BYTES);
  }
}
