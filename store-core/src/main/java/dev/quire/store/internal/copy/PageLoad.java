package dev.quire.store.internal.copy;

import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// Copies pages of trees to private memory and checks them, and gives those that are changed there
/// a new number and CRC.
final class PageLoad {

  private final PageReader pages;
  private final boolean checksums;
  private final Checksum checksum = new Checksum();

  /// @param checksums whether pages carry a CRC
  PageLoad(PageReader pages, boolean checksums) {
    this.pages = pages;
    this.checksums = checksums;
  }

  /// Copies a page.
  ///
  /// @throws dev.quire.store.errors.CorruptPageException if it is not what was written
  void load(long ref, MemorySegment page) {
    int size = pages.pageSizeBytes();
    MemorySegment.copy(pages.segmentOf(ref), pages.offsetOf(ref), page, 0, size);
    MappedFaults.settle(pages);
    if (!PageExtent.isSound(PageHeader.shape(page, 0), size)) {
      throw PageHeader.corrupt(page, 0, "arrays and cells that fit a page", "more");
    }
    if (checksums) {
      requireCrc(page, PageCrc.of(checksum, page, 0, size));
    }
  }

  /// @throws dev.quire.store.errors.CorruptPageException unless the page carries this CRC
  static void requireCrc(MemorySegment page, int computed) {
    if (!PageHeader.hasCrc(PageHeader.shape(page, 0)) || PageHeader.crc(page, 0) != computed) {
      throw PageHeader.corrupt(
          page,
          0,
          "bytes with checksum " + Integer.toHexString(PageHeader.crc(page, 0)),
          Integer.toHexString(computed));
    }
  }

  /// Makes a loaded page the one of another number. Stamp and birth stay what they were.
  void renumber(MemorySegment page, long pageNo) {
    long stamp = PageHeader.stamp(page, 0);
    PageHeader.stamp(page, 0, pageNo, stamp, PageHeader.birth(page, 0));
    if (checksums) {
      PageHeader.markCrc(page, 0);
      PageHeader.setCrc(page, 0, PageCrc.of(checksum, page, 0, pages.pageSizeBytes()));
    }
  }

  /// The stamp of a page or a run.
  static long stamp(PageReader pages, long ref) {
    long stamp = PageHeader.stamp(pages.segmentOf(ref), pages.offsetOf(ref));
    MappedFaults.settle(pages);
    return stamp;
  }

  /// The level of a page.
  static int level(PageReader pages, long ref) {
    int level = PageHeader.level(PageHeader.shape(pages.segmentOf(ref), pages.offsetOf(ref)));
    MappedFaults.settle(pages);
    return level;
  }
}
