package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator.RunSource;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// Writes overflow runs: straight to pages that nothing refers to yet, piece by piece, so that a
/// value of any length takes no more memory than one piece. The first page goes last, with the CRC.
final class RunWriter {

  private static final int PIECE_BYTES = 256 << 10;

  private final EngineParts parts;
  private final int pageSizeBytes;
  private final MemorySegment firstPage;
  private final MemorySegment piece;
  private final Checksum checksum = new Checksum();

  RunWriter(EngineParts parts) {
    this.parts = parts;
    this.pageSizeBytes = parts.pageSizeBytes();
    this.firstPage = parts.buffers.allocate(pageSizeBytes);
    this.piece = parts.buffers.allocate(PIECE_BYTES);
  }

  /// Writes a run of bytes in memory; where the disk has no room for it, once more elsewhere.
  ///
  /// @return its reference
  long write(long txnId, MemorySegment source, long sourceOffset, long length) {
    try {
      return writeOnce(txnId, source, sourceOffset, length);
    } catch (StoreFullException e) {
      return writeOnce(txnId, source, sourceOffset, length);
    }
  }

  private long writeOnce(long txnId, MemorySegment source, long sourceOffset, long length) {
    long[] position = {sourceOffset};
    return write(
        txnId,
        target -> {
          MemorySegment.copy(source, position[0], target, 0, target.byteSize());
          position[0] += target.byteSize();
        },
        length);
  }

  /// Writes a run of bytes that `source` gives. If it throws, the pages are free again.
  ///
  /// @return its reference
  long write(long txnId, RunSource source, long length) {
    int pages = Math.toIntExact(OverflowPage.pages(length, pageSizeBytes));
    long pageNo;
    long stamp;
    parts.spaceLock.lock();
    try {
      pageNo = parts.allocator.allocateRun(pages);
      parts.data.require(pageNo + pages);
      stamp = parts.takeStamps(1);
    } finally {
      parts.spaceLock.unlock();
    }
    try {
      writePieces(txnId, pageNo, stamp, source, length);
    } catch (RuntimeException | Error e) {
      giveBack(pageNo, pages);
      throw e;
    }
    return PageRef.of(pageNo, stamp);
  }

  private void writePieces(long txnId, long pageNo, long stamp, RunSource source, long length) {
    int inFirst = (int) Math.min(length, pageSizeBytes - OverflowPage.DATA);
    OverflowPage.init(firstPage, 0, length);
    PageHeader.stamp(firstPage, 0, pageNo, stamp, txnId);
    boolean checksums = parts.superblock.checksums();
    if (checksums) {
      PageHeader.markCrc(firstPage, 0);
    }
    source.fill(firstPage.asSlice(OverflowPage.DATA, inFirst));
    checksum.begin();
    checksum.add(
        firstPage, PageHeader.CHECKED_FROM, OverflowPage.DATA + inFirst - PageHeader.CHECKED_FROM);
    long written = inFirst;
    while (written < length) {
      long size = Math.min(PIECE_BYTES, length - written);
      source.fill(piece.asSlice(0, size));
      checksum.add(piece, 0, size);
      parts.writePages(pageNo, OverflowPage.DATA + written, piece, 0, size);
      written += size;
    }
    if (checksums) {
      PageHeader.setCrc(firstPage, 0, checksum.value());
    }
    parts.writePages(pageNo, 0, firstPage, 0, OverflowPage.DATA + inFirst);
  }

  private void giveBack(long pageNo, int pages) {
    parts.spaceLock.lock();
    try {
      parts.allocator.giveBack(pageNo, pages);
    } finally {
      parts.spaceLock.unlock();
    }
  }
}
