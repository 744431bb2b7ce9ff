package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;

import java.lang.foreign.MemorySegment;

/// The packed arrays of a page and the heap of cells that one of them points into.
///
/// Arrays follow each other, all with one element per entry. The last may have a few bytes in front
/// that move along with it: a branch's first child.
final class SlotArrays {

  private SlotArrays() {}

  /// Makes room for an element at `index` in each array.
  ///
  /// @param widths bytes of an element, per array
  /// @param lead bytes in front of the last array
  static void open(
      MemorySegment segment, long arrays, int count, int index, int[] widths, int lead) {
    int before = sum(widths);
    for (int i = widths.length - 1; i >= 0; i--) {
      int width = widths[i];
      before -= width;
      long from = arrays + (long) before * count;
      long to = from + before;
      long front = (long) width * index + (i == widths.length - 1 ? lead : 0);
      move(segment, from + front, to + front + width, (long) width * (count - index));
      move(segment, from, to, front);
    }
  }

  /// Removes the element at `index` from each array.
  static void close(
      MemorySegment segment, long arrays, int count, int index, int[] widths, int lead) {
    int before = 0;
    for (int i = 0; i < widths.length; i++) {
      int width = widths[i];
      long from = arrays + (long) before * count;
      long to = from - before;
      long front = (long) width * index + (i == widths.length - 1 ? lead : 0);
      move(segment, from, to, front);
      move(segment, from + front + width, to + front, (long) width * (count - index - 1));
      before += width;
    }
  }

  /// Removes `size` bytes at `offset` of the page from its heap, whose lower part moves up.
  ///
  /// @param offsets the array with the offsets of cells
  static void cutHeap(
      MemorySegment segment,
      long page,
      int heapStart,
      long offsets,
      int count,
      int offset,
      int size) {
    move(segment, page + heapStart, page + heapStart + size, offset - heapStart);
    for (int i = 0; i < count; i++) {
      long at = offsets + (long) i * Short.BYTES;
      int cell = Short.toUnsignedInt(segment.get(U16, at));
      if (cell < offset) {
        segment.set(U16, at, (short) (cell + size));
      }
    }
  }

  private static void move(MemorySegment segment, long from, long to, long length) {
    if (length > 0 && from != to) {
      MemorySegment.copy(segment, from, segment, to, length);
    }
  }

  private static int sum(int[] widths) {
    int sum = 0;
    for (int width : widths) {
      sum += width;
    }
    return sum;
  }
}
