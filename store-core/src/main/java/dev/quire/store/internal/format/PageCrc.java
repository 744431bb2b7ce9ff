package dev.quire.store.internal.format;

import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// The CRC of a page in private memory: over its used bytes, without the CRC itself. A page of the
/// space map is used to its end.
public final class PageCrc {

  private PageCrc() {}

  /// The CRC that a page of a tree or of the space map must carry.
  public static int of(Checksum checksum, MemorySegment memory, long page, int pageSizeBytes) {
    long shape = PageHeader.shape(memory, page);
    int type = PageHeader.typeCode(shape);
    long from = page + PageHeader.CHECKED_FROM;
    if (type == PageType.MAP_LEAF.code() || type == PageType.MAP_INDEX.code()) {
      return checksum.of(memory, from, pageSizeBytes - PageHeader.CHECKED_FROM);
    }
    int heapStart = PageExtent.heapStart(shape, pageSizeBytes);
    int lowEnd = Math.min(PageExtent.lowEnd(shape), heapStart);
    return checksum.of(
        memory,
        from,
        Math.max(0, lowEnd - PageHeader.CHECKED_FROM),
        page + heapStart,
        pageSizeBytes - heapStart);
  }
}
