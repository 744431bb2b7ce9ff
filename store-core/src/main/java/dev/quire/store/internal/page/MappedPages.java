package dev.quire.store.internal.page;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import java.lang.foreign.MemorySegment;

/// Following a reference into a mapping of the data file.
public final class MappedPages {

  private MappedPages() {}

  /// Offset of the page that `ref` names.
  ///
  /// @param file mapping of the whole file
  /// @param pageShift binary logarithm of the page size
  /// @param highWater first page number that the snapshot cannot contain
  /// @throws CorruptPageException if another page, or none, lies there
  public static long offsetOf(MemorySegment file, long ref, int pageShift, long highWater) {
    long pageNo = PageRef.pageNo(ref);
    if (ref < 0 || pageNo >= highWater) {
      throw outside(ref, highWater);
    }
    long page = pageNo << pageShift;
    requireNamed(file, page, ref);
    return page;
  }

  /// @throws CorruptPageException unless the page is the one that `ref` names
  public static void requireNamed(MemorySegment segment, long page, long ref) {
    if (PageHeader.pageNo(segment, page) != PageRef.pageNo(ref)
        || !PageRef.matches(ref, PageHeader.stamp(segment, page))) {
      throw mismatch(segment, page, ref);
    }
  }

  private static CorruptPageException outside(long ref, long highWater) {
    return new CorruptPageException(
        new Violation(
            PageRef.pageNo(ref),
            "a reference to a page below the high-water page " + highWater,
            "reference " + Long.toHexString(ref)));
  }

  private static CorruptPageException mismatch(MemorySegment file, long page, long ref) {
    return new CorruptPageException(
        new Violation(
            PageRef.pageNo(ref),
            "this page with stamp bits " + PageRef.stampBits(ref),
            "page "
                + PageHeader.pageNo(file, page)
                + " with stamp "
                + PageHeader.stamp(file, page)));
  }
}
