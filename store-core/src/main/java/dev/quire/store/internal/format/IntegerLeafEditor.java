package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// Changes of an [IntegerLeafPage] in private memory.
final class IntegerLeafEditor {

  private static final int[] WIDTHS = {IntegerLeafPage.KEY_BYTES, IntegerLeafPage.OFFSET_BYTES};

  private IntegerLeafEditor() {}

  /// What the entry at `index` takes.
  static int entryBytes(MemorySegment segment, long page, long shape, int index) {
    long cell = IntegerLeafPage.cell(segment, page, shape, index);
    return IntegerLeafPage.SLOT_BYTES + (int) LeafCell.sizeBytes(LeafCell.head(segment, cell));
  }

  /// Makes room in the arrays for an entry, for [#set] to fill.
  static void open(MemorySegment segment, long page, long shape, int index) {
    int count = PageHeader.count(shape);
    SlotArrays.open(segment, IntegerLeafPage.keys(page), count, index, WIDTHS, 0);
    PageHeader.setShape(
        segment, page, PageHeader.resized(shape, count + 1, PageHeader.heapBytes(shape)));
  }

  /// Fills the slot at `index`: its cell is added to the heap.
  static void set(MemorySegment segment, long page, int pageSizeBytes, int index, PageEntry entry) {
    long shape = PageHeader.shape(segment, page);
    int size = LeafCell.sizeBytes(entry, entry.storedLength);
    long cell = push(segment, page, shape, pageSizeBytes, index, size);
    LeafCell.write(segment, cell, entry, entry.storedLength);
    setKey(segment, page, index, entry.integerKey());
  }

  /// Removes an entry's cell from the heap. Its slot stays, for [#set] or [#close].
  static void dropCell(MemorySegment segment, long page, long shape, int pageSizeBytes, int index) {
    long offsets = IntegerLeafPage.offsets(page, shape);
    long cell = IntegerLeafPage.cell(segment, page, shape, index);
    LeafHeap.drop(segment, page, shape, pageSizeBytes, offsets, cell);
  }

  /// Removes a slot whose cell has been dropped.
  static void close(MemorySegment segment, long page, long shape, int index) {
    int count = PageHeader.count(shape);
    SlotArrays.close(segment, IntegerLeafPage.keys(page), count, index, WIDTHS, 0);
    PageHeader.setShape(
        segment, page, PageHeader.resized(shape, count - 1, PageHeader.heapBytes(shape)));
  }

  /// Writes the entry over the one at `index`, if its cell has the same size.
  static boolean overwrite(
      MemorySegment segment, long page, long shape, int index, PageEntry entry) {
    long cell = IntegerLeafPage.cell(segment, page, shape, index);
    return LeafHeap.overwrite(segment, cell, entry, entry.storedLength);
  }

  /// Fills the slot at `toIndex` with a copy of another page's entry.
  static void copy(
      MemorySegment from,
      long fromPage,
      int fromIndex,
      MemorySegment to,
      long toPage,
      int pageSizeBytes,
      int toIndex) {
    long fromShape = PageHeader.shape(from, fromPage);
    long toShape = PageHeader.shape(to, toPage);
    long cell = IntegerLeafPage.cell(from, fromPage, fromShape, fromIndex);
    int size = (int) LeafCell.sizeBytes(LeafCell.head(from, cell));
    long target = push(to, toPage, toShape, pageSizeBytes, toIndex, size);
    MemorySegment.copy(from, cell, to, target, size);
    setKey(to, toPage, toIndex, IntegerLeafPage.key(from, fromPage, fromIndex));
  }

  private static long push(
      MemorySegment segment, long page, long shape, int pageSizeBytes, int index, int size) {
    long offsets = IntegerLeafPage.offsets(page, shape);
    return LeafHeap.push(segment, page, shape, pageSizeBytes, offsets, index, size);
  }

  private static void setKey(MemorySegment segment, long page, int index, long key) {
    segment.set(U64, IntegerLeafPage.keys(page) + (long) index * IntegerLeafPage.KEY_BYTES, key);
  }
}
