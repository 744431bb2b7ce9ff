package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// Changes of an [IntegerBranchPage] in private memory.
final class IntegerBranchEditor {

  private static final int[] WIDTHS = {IntegerBranchPage.KEY_BYTES, IntegerBranchPage.CHILD_BYTES};

  private IntegerBranchEditor() {}

  /// Makes room in the arrays for an entry, for [#set] to fill.
  static void open(MemorySegment segment, long page, long shape, int index) {
    int count = PageHeader.count(shape);
    long keys = IntegerBranchPage.keys(page);
    SlotArrays.open(segment, keys, count, index, WIDTHS, IntegerBranchPage.CHILD_BYTES);
    PageHeader.setShape(segment, page, PageHeader.resized(shape, count + 1, 0));
  }

  /// Fills the slot at `index` with a separator and the child on its right.
  static void set(MemorySegment segment, long page, int index, PageEntry entry) {
    long shape = PageHeader.shape(segment, page);
    long keys = IntegerBranchPage.keys(page);
    segment.set(U64, keys + (long) index * IntegerBranchPage.KEY_BYTES, entry.integerKey());
    long children = IntegerBranchPage.children(page, shape);
    segment.set(U64, children + (index + 1L) * IntegerBranchPage.CHILD_BYTES, entry.childRef);
  }

  /// Removes the separator at `index` and the child on its right.
  static void remove(MemorySegment segment, long page, long shape, int index) {
    int count = PageHeader.count(shape);
    long keys = IntegerBranchPage.keys(page);
    SlotArrays.close(segment, keys, count, index, WIDTHS, IntegerBranchPage.CHILD_BYTES);
    PageHeader.setShape(segment, page, PageHeader.resized(shape, count - 1, 0));
  }
}
