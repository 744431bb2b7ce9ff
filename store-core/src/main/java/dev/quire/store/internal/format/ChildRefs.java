package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// The references of a branch to its children, whatever its keys.
public final class ChildRefs {

  private ChildRefs() {}

  private static long children(long page, long shape) {
    return PageHeader.typeCode(shape) == BranchPage.TYPE_CODE
        ? BranchPage.children(page, shape)
        : IntegerBranchPage.children(page, shape);
  }

  /// The child at `index`, 0 to count.
  public static long get(MemorySegment segment, long page, long shape, int index) {
    return segment.get(U64, children(page, shape) + (long) index * Long.BYTES);
  }

  /// Changes the child at `index`.
  public static void set(MemorySegment segment, long page, long shape, int index, long ref) {
    segment.set(U64, children(page, shape) + (long) index * Long.BYTES, ref);
  }

  /// Replaces references to scratch pages that have a final one. Of a page that is no branch:
  /// nothing to do.
  ///
  /// @param finalRefs the final reference of each scratch page, by its index; [PageRef#NONE] if
  ///   none
  public static void unswizzle(MemorySegment segment, long page, long[] finalRefs) {
    long shape = PageHeader.shape(segment, page);
    if (PageHeader.level(shape) == 0) {
      return;
    }
    long at = children(page, shape);
    for (int i = 0; i <= PageHeader.count(shape); i++, at += Long.BYTES) {
      long ref = segment.get(U64, at);
      if (PageRef.isScratch(ref) && finalRefs[PageRef.scratchIndex(ref)] != PageRef.NONE) {
        segment.set(U64, at, finalRefs[PageRef.scratchIndex(ref)]);
      }
    }
  }

  /// The reverse of [#unswizzle].
  ///
  /// @param places of the scratch pages that had final references
  public static void swizzle(MemorySegment segment, long page, ScratchPlaces places) {
    long shape = PageHeader.shape(segment, page);
    if (PageHeader.level(shape) == 0) {
      return;
    }
    long at = children(page, shape);
    for (int i = 0; i <= PageHeader.count(shape); i++, at += Long.BYTES) {
      segment.set(U64, at, places.scratchRef(segment.get(U64, at)));
    }
  }
}
