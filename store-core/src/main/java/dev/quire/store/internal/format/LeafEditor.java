package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// Changes of a [LeafPage] in private memory.
final class LeafEditor {

  private static final int[] WIDTHS = {
    LeafPage.FINGERPRINT_BYTES, LeafPage.OFFSET_BYTES, LeafPage.HEAD_BYTES
  };

  private LeafEditor() {}

  /// What the entry at `index` would take in a page with a prefix of this length.
  static int entryBytes(MemorySegment segment, long page, long shape, int index, int prefixLength) {
    long head = LeafCell.head(segment, LeafPage.cell(segment, page, shape, index));
    int growth = PageHeader.prefixLength(shape) - prefixLength;
    return LeafPage.SLOT_BYTES + (int) LeafCell.resizedBytes(head, growth);
  }

  /// Makes room in the arrays for an entry, for [#set] to fill.
  static void open(MemorySegment segment, long page, long shape, int index) {
    int count = PageHeader.count(shape);
    SlotArrays.open(segment, LeafPage.fingerprints(page, shape), count, index, WIDTHS, 0);
    PageHeader.setShape(
        segment, page, PageHeader.resized(shape, count + 1, PageHeader.heapBytes(shape)));
  }

  /// Fills the slot at `index`: its cell is added to the heap.
  static void set(MemorySegment segment, long page, int pageSizeBytes, int index, PageEntry entry) {
    long shape = PageHeader.shape(segment, page);
    int prefixLength = PageHeader.prefixLength(shape);
    int size = LeafCell.sizeBytes(entry, prefixLength);
    long cell = push(segment, page, shape, pageSizeBytes, index, size);
    LeafCell.write(segment, cell, entry, prefixLength);
    int head = KeyBytes.head(entry.key, entry.storedLength, prefixLength);
    setSlot(segment, page, shape, index, entry.fingerprint, head);
  }

  /// Adds an entry behind the last one. It fits.
  static void append(MemorySegment segment, long page, int pageSizeBytes, PageEntry entry) {
    long shape = PageHeader.shape(segment, page);
    int prefixLength = PageHeader.prefixLength(shape);
    int count = PageHeader.count(shape);
    int heapBytes = PageHeader.heapBytes(shape) + LeafCell.sizeBytes(entry, prefixLength);
    long cell = page + pageSizeBytes - heapBytes;
    LeafCell.write(segment, cell, entry, prefixLength);
    long heads = LeafPage.heads(page, shape);
    long offsets = LeafPage.offsets(page, shape);
    int headsBytes = count * LeafPage.HEAD_BYTES;
    int offsetsBytes = count * LeafPage.OFFSET_BYTES;
    long newHeads = heads + LeafPage.FINGERPRINT_BYTES + LeafPage.OFFSET_BYTES;
    long newOffsets = offsets + LeafPage.FINGERPRINT_BYTES;
    MemorySegment.copy(segment, heads, segment, newHeads, headsBytes);
    MemorySegment.copy(segment, offsets, segment, newOffsets, offsetsBytes);
    int head = KeyBytes.head(entry.key, entry.storedLength, prefixLength);
    segment.set(U8, offsets, (byte) entry.fingerprint);
    segment.set(U16, newOffsets + offsetsBytes, (short) (cell - page));
    segment.set(U32, newHeads + headsBytes, head);
    PageHeader.setShape(segment, page, PageHeader.resized(shape, count + 1, heapBytes));
  }

  /// Removes an entry's cell from the heap. Its slot stays, for [#set] or [#close].
  static void dropCell(MemorySegment segment, long page, long shape, int pageSizeBytes, int index) {
    long offsets = LeafPage.offsets(page, shape);
    long cell = LeafPage.cell(segment, page, shape, index);
    LeafHeap.drop(segment, page, shape, pageSizeBytes, offsets, cell);
  }

  /// Removes a slot whose cell has been dropped.
  static void close(MemorySegment segment, long page, long shape, int index) {
    int count = PageHeader.count(shape);
    SlotArrays.close(segment, LeafPage.fingerprints(page, shape), count, index, WIDTHS, 0);
    PageHeader.setShape(
        segment, page, PageHeader.resized(shape, count - 1, PageHeader.heapBytes(shape)));
  }

  /// Writes the entry over the one at `index`, if its cell has the same size.
  static boolean overwrite(
      MemorySegment segment, long page, long shape, int index, PageEntry entry) {
    long cell = LeafPage.cell(segment, page, shape, index);
    return LeafHeap.overwrite(segment, cell, entry, PageHeader.prefixLength(shape));
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
    long cell = LeafPage.cell(from, fromPage, fromShape, fromIndex);
    long head = LeafCell.head(from, cell);
    int prefixLength = PageHeader.prefixLength(toShape);
    int growth = PageHeader.prefixLength(fromShape) - prefixLength;
    int size = (int) LeafCell.resizedBytes(head, growth);
    long target = push(to, toPage, toShape, pageSizeBytes, toIndex, size);
    int fingerprint = LeafPage.fingerprint(from, fromPage, fromShape, fromIndex);
    int keyHead;
    if (growth == 0) {
      MemorySegment.copy(from, cell, to, target, size);
      keyHead = from.get(U32, LeafPage.heads(fromPage, fromShape) + 4L * fromIndex);
    } else {
      long suffix = LeafCell.copyHead(from, cell, head, growth, to, target);
      int fromPrefix = Math.max(growth, 0);
      int skipped = Math.max(-growth, 0);
      long prefixEnd = LeafPage.prefix(fromPage) + PageHeader.prefixLength(fromShape);
      MemorySegment.copy(from, prefixEnd - fromPrefix, to, suffix, fromPrefix);
      long rest = LeafCell.sizeBytes(head) - LeafCell.headBytes(head) - skipped;
      MemorySegment.copy(
          from, cell + LeafCell.headBytes(head) + skipped, to, suffix + fromPrefix, rest);
      keyHead = KeyBytes.head(to, suffix, LeafCell.suffixLength(head) + growth);
    }
    setSlot(to, toPage, toShape, toIndex, fingerprint, keyHead);
  }

  private static long push(
      MemorySegment segment, long page, long shape, int pageSizeBytes, int index, int size) {
    long offsets = LeafPage.offsets(page, shape);
    return LeafHeap.push(segment, page, shape, pageSizeBytes, offsets, index, size);
  }

  private static void setSlot(
      MemorySegment segment, long page, long shape, int index, int fingerprint, int head) {
    segment.set(U8, LeafPage.fingerprints(page, shape) + index, (byte) fingerprint);
    segment.set(U32, LeafPage.heads(page, shape) + (long) index * LeafPage.HEAD_BYTES, head);
  }
}
