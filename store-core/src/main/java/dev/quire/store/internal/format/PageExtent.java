package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// Which bytes of a page of a tree are used: `[0, lowEnd)` and `[heapStart, page size)`.
///
/// What lies between them is not defined, and neither copied nor checksummed.
public final class PageExtent {

  private static final int LINE_BYTES = 64;

  /// What [#fetch] fetches.
  public static final int FETCHED_BYTES = 2 * LINE_BYTES;

  static {
    assert Limits.MIN_PAGE_SIZE_BYTES % FETCHED_BYTES == 0;
  }

  private PageExtent() {}

  /// Where the arrays at the page's beginning end.
  ///
  /// @param shape of a page of a tree
  public static int lowEnd(long shape) {
    int count = PageHeader.count(shape);
    int prefixEnd = PageHeader.SIZE_BYTES + PageHeader.prefixLength(shape);
    return switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> prefixEnd + count * LeafPage.SLOT_BYTES;
      case BranchPage.TYPE_CODE ->
          prefixEnd + BranchPage.HINTS_BYTES + count * BranchPage.SLOT_BYTES + Long.BYTES;
      case IntegerLeafPage.TYPE_CODE -> PageHeader.SIZE_BYTES + count * IntegerLeafPage.SLOT_BYTES;
      case IntegerBranchPage.TYPE_CODE ->
          PageHeader.SIZE_BYTES + count * IntegerBranchPage.SLOT_BYTES + Long.BYTES;
      default -> PageHeader.SIZE_BYTES;
    };
  }

  /// Where the heap of cells at the page's end begins.
  public static int heapStart(long shape, int pageSizeBytes) {
    return pageSizeBytes - PageHeader.heapBytes(shape);
  }

  /// Whether the used bytes fit a page: false only if the page is corrupt.
  public static boolean isSound(long shape, int pageSizeBytes) {
    return lowEnd(shape) <= heapStart(shape, pageSizeBytes);
  }

  /// Copies the used bytes of a page.
  public static void copy(
      MemorySegment from, long fromPage, MemorySegment to, long toPage, int pageSizeBytes) {
    long shape = PageHeader.shape(from, fromPage);
    int heapStart = heapStart(shape, pageSizeBytes);
    int lowEnd = Math.min(lowEnd(shape), heapStart);
    MemorySegment.copy(from, fromPage, to, toPage, lowEnd);
    MemorySegment.copy(
        from, fromPage + heapStart, to, toPage + heapStart, pageSizeBytes - heapStart);
  }

  /// Brings two lines of a page into the processor's caches. They are read in the order of their
  /// addresses, for the processor to see what comes next.
  ///
  /// @return a sum that says nothing; to be kept, so that the reads are made
  public static long fetch(MemorySegment segment, long at) {
    return segment.get(U64, at) + segment.get(U64, at + LINE_BYTES);
  }
}
