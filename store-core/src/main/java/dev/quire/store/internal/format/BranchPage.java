package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// A branch of a tree of byte keys: `count` separators between `count + 1` children.
///
/// Child i holds the keys from separator i-1 on that are less than separator i.
///
/// |           size | field    | meaning                                                       |
/// |---------------:|----------|---------------------------------------------------------------|
/// |             32 | header   | [PageHeader]                                                  |
/// |   prefixLength | prefix   | bytes that all separators begin with                          |
/// |      `u32[16]` | hints    | `heads[(j + 1) * count / 17]`; undefined if count is 0        |
/// |   `u32[count]` | heads    | [Heads] of each separator                                     |
/// |   `u16[count]` | offsets  | of each cell, from the page's beginning                       |
/// | `u64[count+1]` | children | references                                                    |
/// |                | gap      | not used                                                      |
/// |      heapBytes | cells    | [BranchCell]s, without holes, in any order, to the page's end |
public final class BranchPage {

  /// [PageType#BRANCH] as a constant of switches.
  public static final int TYPE_CODE = 2;

  /// Number of hints.
  public static final int HINTS = 16;

  static final int HINTS_BYTES = HINTS * Integer.BYTES;
  static final int HEAD_BYTES = Integer.BYTES;
  static final int OFFSET_BYTES = Short.BYTES;
  static final int CHILD_BYTES = Long.BYTES;

  /// What a separator and its child take in the arrays.
  static final int SLOT_BYTES = HEAD_BYTES + OFFSET_BYTES + CHILD_BYTES;

  static {
    assert TYPE_CODE == PageType.BRANCH.code();
  }

  private BranchPage() {}

  /// Offset of the prefix.
  public static long prefix(long page) {
    return page + PageHeader.SIZE_BYTES;
  }

  static long hints(long page, long shape) {
    return page + PageHeader.SIZE_BYTES + PageHeader.prefixLength(shape);
  }

  /// Offset of the array of heads.
  public static long heads(long page, long shape) {
    return hints(page, shape) + HINTS_BYTES;
  }

  static long offsets(long page, long shape) {
    return heads(page, shape) + (long) HEAD_BYTES * PageHeader.count(shape);
  }

  static long children(long page, long shape) {
    return heads(page, shape) + (long) (HEAD_BYTES + OFFSET_BYTES) * PageHeader.count(shape);
  }

  /// The first separator whose head is not less than `head`, or count.
  public static int atLeast(MemorySegment segment, long page, long shape, int head) {
    int count = PageHeader.count(shape);
    if (count == 0) {
      return 0;
    }
    int hint = Heads.countLess(segment, hints(page, shape), HINTS, head);
    int from = hint == 0 ? 0 : hinted(hint - 1, count) + 1;
    int to = hint == HINTS ? count : hinted(hint, count);
    return Heads.atLeast(segment, heads(page, shape), from, to, head);
  }

  /// Hint `j`, 0 to [#HINTS] - 1.
  public static int hint(MemorySegment segment, long page, long shape, int j) {
    return segment.get(U32, hints(page, shape) + (long) j * HEAD_BYTES);
  }

  /// Which of `count` heads hint `j` repeats.
  public static int hinted(int j, int count) {
    return (j + 1) * count / (HINTS + 1);
  }

  public static int head(MemorySegment segment, long page, long shape, int index) {
    return segment.get(U32, heads(page, shape) + (long) index * HEAD_BYTES);
  }

  /// Offset of a separator's cell in the segment.
  public static long cell(MemorySegment segment, long page, long shape, int index) {
    long at = offsets(page, shape) + (long) index * OFFSET_BYTES;
    return page + Short.toUnsignedInt(segment.get(U16, at));
  }

  /// The child at `index`, 0 to count.
  public static long child(MemorySegment segment, long page, long shape, int index) {
    return segment.get(U64, children(page, shape) + (long) index * CHILD_BYTES);
  }
}
