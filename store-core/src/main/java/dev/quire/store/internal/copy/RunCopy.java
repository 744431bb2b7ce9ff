package dev.quire.store.internal.copy;

import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import java.lang.foreign.MemorySegment;

/// Copies overflow runs. The CRC of a run stands before its data: a run that does not fit the
/// memory is read twice.
final class RunCopy {

  private static final int PIECE_BYTES = 1 << 20;

  private final PageReader pages;
  private final boolean checksums;
  private final MemorySegment header;
  private final MemorySegment piece;
  private final Checksum before = new Checksum();
  private final Checksum after = new Checksum();

  RunCopy(PageReader pages, boolean checksums, NativeBuffers memory) {
    this.pages = pages;
    this.checksums = checksums;
    this.header = memory.allocate(OverflowPage.DATA);
    this.piece = memory.allocate(PIECE_BYTES);
  }

  /// Number of pages of a run that is there.
  ///
  /// @throws dev.quire.store.errors.CorruptPageException if it is not, or has another length
  long pages(long ref, long length) {
    MemorySegment source = pages.segmentOf(ref);
    long at = pages.offsetOf(ref);
    MemorySegment.copy(source, at, header, 0, OverflowPage.DATA);
    MappedFaults.settle(pages);
    long found = OverflowPage.dataLength(header, 0);
    boolean isRun = PageHeader.typeCode(PageHeader.shape(header, 0)) == OverflowPage.TYPE_CODE;
    if (!isRun || found != length || found > source.byteSize() - at - OverflowPage.DATA) {
      throw PageHeader.corrupt(header, 0, "a run with " + length + " bytes", found + " bytes");
    }
    return OverflowPage.pages(length, pages.pageSizeBytes());
  }

  /// Copies the run for which [#pages] was called last.
  ///
  /// @param pageNo the first page of the copy
  /// @param out takes the bytes
  /// @return reference to the copy
  long copy(long ref, long length, long pageNo, PageOutput out) {
    long end = OverflowPage.DATA + length;
    long stamp = PageHeader.stamp(header, 0);
    int crc = PageHeader.crc(header, 0);
    boolean hasCrc = PageHeader.hasCrc(PageHeader.shape(header, 0));
    PageHeader.stamp(header, 0, pageNo, stamp, PageHeader.birth(header, 0));
    if (checksums) {
      PageHeader.markCrc(header, 0);
      sum(ref, end);
      if (!hasCrc || before.value() != crc) {
        load(ref, 0, OverflowPage.DATA);
        PageLoad.requireCrc(piece, before.value());
      }
      PageHeader.setCrc(header, 0, after.value());
    }
    for (long at = 0; at < end; at += PIECE_BYTES) {
      long size = Math.min(PIECE_BYTES, end - at);
      load(ref, at, size);
      if (at == 0) {
        MemorySegment.copy(header, 0, piece, 0, OverflowPage.DATA);
      }
      out.add(piece, 0, size);
    }
    int pageSize = pages.pageSizeBytes();
    out.addZeros(OverflowPage.pages(length, pageSize) * pageSize - end);
    return PageRef.of(pageNo, stamp);
  }

  /// Computes the CRC of the run as it is, and with its new header.
  private void sum(long ref, long end) {
    before.begin();
    after.begin();
    int from = PageHeader.CHECKED_FROM;
    for (long at = 0; at < end; at += PIECE_BYTES) {
      long size = Math.min(PIECE_BYTES, end - at);
      load(ref, at, size);
      before.add(piece, from, size - from);
      if (at == 0) {
        MemorySegment.copy(header, 0, piece, 0, OverflowPage.DATA);
      }
      after.add(piece, from, size - from);
      from = 0;
    }
  }

  private void load(long ref, long at, long length) {
    MemorySegment.copy(pages.segmentOf(ref), pages.offsetOf(ref) + at, piece, 0, length);
    MappedFaults.settle(pages);
  }
}
