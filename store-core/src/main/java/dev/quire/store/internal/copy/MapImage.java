package dev.quire.store.internal.copy;

import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// The space map of a file without a free page: every page from the first one to the end is used,
/// and the last ones are the map itself.
final class MapImage {

  private final int pageSizeBytes;
  private final long bitsPerLeaf;
  private final int fanOut;
  private final long firstPage;
  private final long firstMapPage;
  private final long highWater;

  /// @param firstPage the first page that a tree can use
  /// @param treePages number of pages from there on that trees and runs take
  MapImage(int pageSizeBytes, long firstPage, long treePages) {
    this.pageSizeBytes = pageSizeBytes;
    this.bitsPerLeaf = MapPage.bitsPerLeaf(pageSizeBytes);
    this.fanOut = MapPage.refsPerIndex(pageSizeBytes);
    this.firstPage = firstPage;
    this.firstMapPage = firstPage + treePages;
    long pages = 0;
    while (treePages > 0 && count(firstMapPage + pages) > pages) {
      pages = count(firstMapPage + pages);
    }
    this.highWater = firstMapPage + pages;
  }

  /// Pages of a map that reaches to a page number.
  private long count(long end) {
    long width = leafEnd(end);
    long total = width - firstLeaf();
    while (width > 1) {
      width = (width + fanOut - 1) / fanOut;
      total += width;
    }
    return total;
  }

  private long firstLeaf() {
    return firstPage / bitsPerLeaf;
  }

  private long leafEnd(long end) {
    return (end + bitsPerLeaf - 1) / bitsPerLeaf;
  }

  /// First page number behind the map.
  long highWater() {
    return highWater;
  }

  /// Number of the map's pages.
  long pages() {
    return highWater - firstMapPage;
  }

  /// Levels of the map.
  int levels() {
    return pages() == 0 ? 1 : MapPage.levels(leafEnd(highWater), pageSizeBytes);
  }

  /// Reference to the root, which is the last page.
  ///
  /// @param firstStamp stamp of the map's first page; each further one has the next
  long rootRef(long firstStamp) {
    return pages() == 0 ? PageRef.NONE : ref(pages() - 1, firstStamp);
  }

  private long ref(long index, long firstStamp) {
    return PageRef.of(firstMapPage + index, firstStamp + index);
  }

  /// What the pages of a map have in common.
  ///
  /// @param firstStamp stamp of the first one
  /// @param birth the transaction
  /// @param checksums whether they carry a CRC
  record Marks(long firstStamp, long birth, boolean checksums) {}

  /// Writes the map's pages.
  ///
  /// @param page memory for one
  void writeTo(PageOutput out, MemorySegment page, Marks marks) {
    if (pages() == 0) {
      return;
    }
    long written = 0;
    for (long leaf = firstLeaf(); leaf < leafEnd(highWater); leaf++) {
      begin(page, PageType.MAP_LEAF, 0);
      long from = Math.max(firstPage, leaf * bitsPerLeaf);
      long to = Math.min(highWater, (leaf + 1) * bitsPerLeaf);
      for (long pageNo = from; pageNo < to; pageNo++) {
        MapPage.setBit(page, 0, (int) (pageNo - leaf * bitsPerLeaf));
      }
      finish(out, page, written++, marks);
    }
    long width = leafEnd(highWater);
    long absent = firstLeaf();
    long below = 0;
    for (int level = 1; width > 1; level++) {
      long next = below + width - absent;
      for (long index = 0; index * fanOut < width; index++) {
        begin(page, PageType.MAP_INDEX, level);
        for (int i = 0; i < fanOut && index * fanOut + i < width; i++) {
          long child = index * fanOut + i;
          if (child >= absent) {
            MapPage.setRef(page, 0, i, ref(below + child - absent, marks.firstStamp()));
          }
        }
        finish(out, page, written++, marks);
      }
      width = (width + fanOut - 1) / fanOut;
      below = next;
      absent = 0;
    }
  }

  private static void begin(MemorySegment page, PageType type, int level) {
    page.fill((byte) 0);
    PageHeader.init(page, 0, type, level);
  }

  private void finish(PageOutput out, MemorySegment page, long index, Marks marks) {
    long stamp = marks.firstStamp() + index;
    PageHeader.stamp(page, 0, firstMapPage + index, stamp, marks.birth());
    if (marks.checksums()) {
      PageHeader.markCrc(page, 0);
      PageHeader.setCrc(page, 0, PageCrc.of(new Checksum(), page, 0, pageSizeBytes));
    }
    out.add(page, 0, pageSizeBytes);
  }
}
