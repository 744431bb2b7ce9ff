package dev.quire.store.internal.page;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// Checks the CRC of a page when a reference to it is followed, in a copy: never over the mapping.
/// Of a run it is the CRC of the whole. Used by one thread at a time.
public final class PageVerifier {

  /// Private memory that a verifier needs.
  public static final int MEMORY_BYTES = 64 << 10;

  private final int pageSizeBytes;
  private final MemorySegment copy;
  private final Checksum checksum = new Checksum();

  /// @param memory private, of [#MEMORY_BYTES]
  public PageVerifier(int pageSizeBytes, MemorySegment memory) {
    this.pageSizeBytes = pageSizeBytes;
    this.copy = memory;
  }

  /// @throws CorruptPageException if the page's bytes are not those that were written
  public void verify(MemorySegment file, long page) {
    MemorySegment.copy(file, page, copy, 0, pageSizeBytes);
    long shape = PageHeader.shape(copy, 0);
    if (!PageHeader.hasCrc(shape)) {
      throw PageHeader.corrupt(copy, 0, "a page with a checksum", "one without");
    }
    int expected = PageHeader.crc(copy, 0);
    int found;
    if (PageHeader.typeCode(shape) == PageType.OVERFLOW.code()) {
      found = ofRun(file, page);
    } else if (PageExtent.isSound(shape, pageSizeBytes)) {
      found = PageCrc.of(checksum, copy, 0, pageSizeBytes);
    } else {
      throw PageHeader.corrupt(copy, 0, "arrays and cells that fit a page", "more");
    }
    if (found != expected) {
      MemorySegment.copy(file, page, copy, 0, pageSizeBytes);
      throw PageHeader.corrupt(
          copy,
          0,
          "bytes with checksum " + Integer.toHexString(expected),
          Integer.toHexString(found));
    }
  }

  private int ofRun(MemorySegment file, long page) {
    long length = OverflowPage.dataLength(copy, 0);
    long room = file.byteSize() - page - OverflowPage.DATA;
    if (length < 0 || length > room) {
      throw PageHeader.corrupt(copy, 0, "a run of at most " + room + " bytes", length + " bytes");
    }
    long end = OverflowPage.DATA + length;
    checksum.begin();
    for (long at = PageHeader.CHECKED_FROM; at < end; at += MEMORY_BYTES) {
      long piece = Math.min(MEMORY_BYTES, end - at);
      MemorySegment.copy(file, page + at, copy, 0, piece);
      checksum.add(copy, 0, piece);
    }
    return checksum.value();
  }
}
