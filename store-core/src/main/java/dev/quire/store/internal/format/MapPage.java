package dev.quire.store.internal.format;

import java.lang.foreign.MemorySegment;

/// A page of the space map at rest: a [PageHeader], then the payload to the page's end.
///
/// | type      | payload                                                                  |
/// |-----------|--------------------------------------------------------------------------|
/// | MAP_LEAF  | one bit per page number, in 8-byte words: 1 means the snapshot uses it   |
/// | MAP_INDEX | references to the pages of the level below; 0 means all bits below are 0 |
///
/// Map leaf `i` covers page numbers `i * bitsPerLeaf` and up. The header's level is 0 in a leaf, 1
/// in an index above leaves, and so on. The CRC covers the whole page, as all of it is used.
public final class MapPage {

  private MapPage() {}

  /// Page numbers that one map leaf covers.
  public static long bitsPerLeaf(int pageSizeBytes) {
    return 8L * (pageSizeBytes - PageHeader.SIZE_BYTES);
  }

  /// References in one index page.
  public static int refsPerIndex(int pageSizeBytes) {
    return (pageSizeBytes - PageHeader.SIZE_BYTES) / 8;
  }

  /// Levels that a map of so many leaves has.
  public static int levels(long leaves, int pageSizeBytes) {
    int levels = 1;
    for (long reach = 1; reach < leaves; reach *= refsPerIndex(pageSizeBytes)) {
      levels++;
    }
    return levels;
  }

  /// The 64 bits of word `index` of a map leaf.
  public static long word(MemorySegment s, long page, int index) {
    return s.get(Le.U64, offset(page, index));
  }

  public static void setWord(MemorySegment s, long page, int index, long bits) {
    s.set(Le.U64, offset(page, index), bits);
  }

  /// Sets bit `bit` of a map leaf.
  public static void setBit(MemorySegment s, long page, int bit) {
    long at = offset(page, bit / Long.SIZE);
    s.set(Le.U64, at, s.get(Le.U64, at) | 1L << bit);
  }

  public static long ref(MemorySegment s, long page, int index) {
    return s.get(Le.U64, offset(page, index));
  }

  public static void setRef(MemorySegment s, long page, int index, long ref) {
    s.set(Le.U64, offset(page, index), ref);
  }

  private static long offset(long page, int index) {
    return page + PageHeader.SIZE_BYTES + 8L * index;
  }
}
