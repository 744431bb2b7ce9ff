package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// Changes of a [BranchPage] in private memory. Hints are wrong until [#finish].
final class BranchEditor {

  private static final int[] WIDTHS = {
    BranchPage.HEAD_BYTES, BranchPage.OFFSET_BYTES, BranchPage.CHILD_BYTES
  };

  private BranchEditor() {}

  /// What the entry at `index` would take in a page with a prefix of this length.
  static int entryBytes(MemorySegment segment, long page, long shape, int index, int prefixLength) {
    long cell = BranchPage.cell(segment, page, shape, index);
    int growth = PageHeader.prefixLength(shape) - prefixLength;
    int suffixLength = BranchCell.suffixLength(segment, cell) + growth;
    return BranchPage.SLOT_BYTES
        + BranchCell.sizeBytes(suffixLength, BranchCell.isSpilled(segment, cell));
  }

  /// Makes room in the arrays for an entry, for [#set] to fill.
  static void open(MemorySegment segment, long page, long shape, int index) {
    int count = PageHeader.count(shape);
    long heads = BranchPage.heads(page, shape);
    SlotArrays.open(segment, heads, count, index, WIDTHS, BranchPage.CHILD_BYTES);
    PageHeader.setShape(
        segment, page, PageHeader.resized(shape, count + 1, PageHeader.heapBytes(shape)));
  }

  /// Fills the slot at `index` with a separator and the child on its right.
  static void set(MemorySegment segment, long page, int pageSizeBytes, int index, PageEntry entry) {
    long shape = PageHeader.shape(segment, page);
    int prefixLength = PageHeader.prefixLength(shape);
    boolean spilled = entry.keyRef != PageRef.NONE;
    int size = BranchCell.sizeBytes(entry.storedLength - prefixLength, spilled);
    int heapBytes = PageHeader.heapBytes(shape) + size;
    int offset = pageSizeBytes - heapBytes;
    PageHeader.requireRoom(segment, page, offset >= PageExtent.lowEnd(shape));
    PageHeader.setShape(
        segment, page, PageHeader.resized(shape, PageHeader.count(shape), heapBytes));
    BranchCell.write(segment, page + offset, entry, prefixLength);
    long offsets = BranchPage.offsets(page, shape);
    segment.set(U16, offsets + (long) index * BranchPage.OFFSET_BYTES, (short) offset);
    int head = KeyBytes.head(entry.key, entry.storedLength, prefixLength);
    segment.set(U32, BranchPage.heads(page, shape) + (long) index * BranchPage.HEAD_BYTES, head);
    long children = BranchPage.children(page, shape);
    segment.set(U64, children + (index + 1L) * BranchPage.CHILD_BYTES, entry.childRef);
  }

  /// Removes the separator at `index` and the child on its right.
  static void remove(MemorySegment segment, long page, long shape, int pageSizeBytes, int index) {
    int count = PageHeader.count(shape);
    long cell = BranchPage.cell(segment, page, shape, index);
    int size = BranchCell.sizeBytes(segment, cell);
    int heapStart = PageExtent.heapStart(shape, pageSizeBytes);
    long offsets = BranchPage.offsets(page, shape);
    int offset = (int) (cell - page);
    boolean inHeap = offset >= heapStart && size <= pageSizeBytes - offset;
    PageHeader.requireRoom(segment, page, inHeap);
    SlotArrays.cutHeap(segment, page, heapStart, offsets, count, offset, size);
    long heads = BranchPage.heads(page, shape);
    SlotArrays.close(segment, heads, count, index, WIDTHS, BranchPage.CHILD_BYTES);
    int heapBytes = PageHeader.heapBytes(shape) - size;
    PageHeader.setShape(segment, page, PageHeader.resized(shape, count - 1, heapBytes));
  }

  /// Sets the hints after a change of separators.
  static void finish(MemorySegment segment, long page, long shape) {
    int count = PageHeader.count(shape);
    long hints = BranchPage.hints(page, shape);
    for (int j = 0; j < BranchPage.HINTS; j++) {
      int head =
          count == 0 ? 0 : BranchPage.head(segment, page, shape, BranchPage.hinted(j, count));
      segment.set(U32, hints + (long) j * BranchPage.HEAD_BYTES, head);
    }
  }
}
