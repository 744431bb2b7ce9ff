package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;

import java.lang.foreign.MemorySegment;

/// Changes of the heap of cells of a leaf, of byte keys or of integer keys, in private memory.
///
/// `offsets` is where the page's array with the offsets of its cells lies.
final class LeafHeap {

  private LeafHeap() {}

  /// Adds `size` bytes for the cell of slot `index`.
  ///
  /// @return where the cell lies
  static long push(
      MemorySegment segment,
      long page,
      long shape,
      int pageSizeBytes,
      long offsets,
      int index,
      int size) {
    int heapBytes = PageHeader.heapBytes(shape) + size;
    int offset = pageSizeBytes - heapBytes;
    PageHeader.requireRoom(segment, page, offset >= PageExtent.lowEnd(shape));
    PageHeader.setShape(
        segment, page, PageHeader.resized(shape, PageHeader.count(shape), heapBytes));
    segment.set(U16, offsets + (long) index * Short.BYTES, (short) offset);
    return page + offset;
  }

  /// Removes a cell; its slot stays.
  static void drop(
      MemorySegment segment, long page, long shape, int pageSizeBytes, long offsets, long cell) {
    int size = (int) LeafCell.sizeBytes(LeafCell.head(segment, cell));
    int count = PageHeader.count(shape);
    int heapStart = PageExtent.heapStart(shape, pageSizeBytes);
    int offset = (int) (cell - page);
    boolean inHeap = offset >= heapStart && size <= pageSizeBytes - offset;
    PageHeader.requireRoom(segment, page, inHeap);
    SlotArrays.cutHeap(segment, page, heapStart, offsets, count, offset, size);
    PageHeader.setShape(
        segment, page, PageHeader.resized(shape, count, PageHeader.heapBytes(shape) - size));
  }

  /// Writes the cell of `entry` over another one, if that has the same size.
  static boolean overwrite(MemorySegment segment, long cell, PageEntry entry, int prefixLength) {
    long oldSize = LeafCell.sizeBytes(LeafCell.head(segment, cell));
    if (oldSize != LeafCell.sizeBytes(entry, prefixLength)) {
      return false;
    }
    LeafCell.write(segment, cell, entry, prefixLength);
    return true;
  }
}
